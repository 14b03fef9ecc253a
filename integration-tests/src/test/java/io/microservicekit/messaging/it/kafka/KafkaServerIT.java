package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.it.ProcessState;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each test leaves the broker as it found it: running. */
@Tag("long-faults-kafka")
class KafkaServerIT {
    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(2);

    private static KafkaServer server;

    @BeforeAll
    static void start() {
        server = KafkaServer.builder().fastSessionTimeout().start();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void whatWasConfirmedIsReadInOrderFromEachPartition() throws Exception {
        server.createTopic("read-back", 3);
        try (Producer<String, String> producer = RawKafka.producer(server.bootstrapServers(), PATIENT)) {
            for (int partition = 0; partition < 3; partition++) {
                TopicPartition each = new TopicPartition("read-back", partition);
                RawKafka.send(producer, each, RawKafka.values(100 + partition));
                assertThat(read(each)).isEqualTo(RawKafka.values(100 + partition));
            }
        }
    }

    @Test
    void anAddedPartitionTakesRecordsAtOnce() throws Exception {
        server.createTopic("grows", 1);
        server.addPartitions("grows", 3);
        try (Producer<String, String> producer = RawKafka.producer(server.bootstrapServers(), PATIENT)) {
            TopicPartition added = new TopicPartition("grows", 2);
            RawKafka.send(producer, added, RawKafka.values(10));
            assertThat(read(added)).isEqualTo(RawKafka.values(10));
        }
    }

    @Test
    void aTopicThatExistsIsRefusedByName() {
        server.createTopic("twice", 1);

        assertThatThrownBy(() -> server.createTopic("twice", 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("creating the topic 'twice' with 1 partitions on " + server.bootstrapServers())
                .hasMessageContaining("TopicExistsException");
    }

    @Test
    void aFrozenBrokerConfirmsNothingAndAThawedOneConfirmsAgain() throws Exception {
        server.createTopic("frozen", 1);
        TopicPartition partition = new TopicPartition("frozen", 0);
        try (Producer<String, String> producer = RawKafka.producer(server.bootstrapServers(), SHORT)) {
            RawKafka.send(producer, partition, List.of("before"));
            long pid = server.pid();
            server.freeze();
            try {
                assertThat(ProcessState.isStopped(pid)).isTrue();
                assertThatThrownBy(() -> RawKafka.send(producer, partition, List.of("during")))
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(TimeoutException.class);
            } finally {
                server.thaw();
            }
            assertThat(server.pid()).isEqualTo(pid);
        }
        sendConfirmed(partition, List.of("after"));
        assertThat(read(partition)).startsWith("before").endsWith("after");
    }

    @Test
    void aKilledBrokerRestartsWithEveryConfirmedRecord() throws Exception {
        server.createTopic("killed", 1);
        TopicPartition partition = new TopicPartition("killed", 0);
        sendConfirmed(partition, RawKafka.values(1_000));
        long killed = server.pid();
        String address = server.bootstrapServers();

        server.kill();
        assertThat(ProcessState.hasEnded(killed)).isTrue();
        assertThatThrownBy(server::pid)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("restart()");
        server.restart();

        assertThat(server.pid()).isNotEqualTo(killed);
        assertThat(server.bootstrapServers()).isEqualTo(address);
        assertThat(read(partition)).isEqualTo(RawKafka.values(1_000));
    }

    @Test
    void aFrozenBrokerCanBeKilledAndRestarted() throws Exception {
        server.createTopic("frozen-killed", 1);
        TopicPartition partition = new TopicPartition("frozen-killed", 0);
        sendConfirmed(partition, RawKafka.values(10));
        long killed = server.pid();

        server.freeze();
        server.kill();
        server.restart();

        assertThat(ProcessState.hasEnded(killed)).isTrue();
        assertThat(read(partition)).isEqualTo(RawKafka.values(10));
    }

    @Test
    void aRunningBrokerRestartsAfterAnOrderlyStop() throws Exception {
        server.createTopic("restarted", 1);
        TopicPartition partition = new TopicPartition("restarted", 0);
        sendConfirmed(partition, RawKafka.values(10));
        long first = server.pid();

        server.restart();

        assertThat(ProcessState.hasEnded(first)).isTrue();
        assertThat(server.log()).content().contains("shut down completed");
        assertThat(read(partition)).isEqualTo(RawKafka.values(10));
    }

    @Test
    void closingLeavesNeitherAProcessNorADirectory() throws Exception {
        KafkaServer own = KafkaServer.start();
        long pid = own.pid();
        Path directory = own.log().getParent();
        assertThat(directory).isDirectoryContaining(file -> Files.isRegularFile(file));

        own.close();
        own.close();

        assertThat(ProcessState.hasEnded(pid)).isTrue();
        assertThat(directory).doesNotExist();
    }

    @Test
    void aStartThatFailsShowsTheEndOfTheBrokersLog() {
        assertThatThrownBy(() -> KafkaServer.builder()
                        .property("log.segment.bytes", "many")
                        .start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("it ended with status")
                .hasMessageContaining("Invalid value many for configuration log.segment.bytes");
    }

    @Test
    void aBrokerGivenByItsAddressIsUsedButNotOwned() {
        System.setProperty("messaging.kafka.bootstrap", server.bootstrapServers());
        try (KafkaServer given = KafkaServer.start()) {
            given.createTopic("given", 1);

            assertThat(given.bootstrapServers()).isEqualTo(server.bootstrapServers());
            assertThatThrownBy(given::kill)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("-Dmessaging.kafka.bootstrap");
        } finally {
            System.clearProperty("messaging.kafka.bootstrap");
        }
        assertThat(ProcessHandle.of(server.pid())).isPresent();
    }

    private static List<String> read(TopicPartition partition) {
        return RawKafka.readAll(server.bootstrapServers(), partition);
    }

    private static void sendConfirmed(TopicPartition partition, List<String> values) throws Exception {
        try (Producer<String, String> producer = RawKafka.producer(server.bootstrapServers(), PATIENT)) {
            RawKafka.send(producer, partition, values);
        }
    }
}
