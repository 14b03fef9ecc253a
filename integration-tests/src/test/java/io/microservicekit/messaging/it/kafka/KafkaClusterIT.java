package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.it.ProcessState;
import io.microservicekit.messaging.testkit.junit.KafkaCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each test leaves the cluster as it found it: three nodes in sync. */
@Tag("long-faults-kafka")
class KafkaClusterIT {
    private static final Duration PATIENT = Duration.ofSeconds(30);

    private static KafkaCluster cluster;

    @BeforeAll
    static void start() {
        cluster = KafkaCluster.start();
    }

    @AfterAll
    static void close() {
        List<Long> processes = new ArrayList<>();
        Path directory = cluster.node(1).log().getParent();
        for (int node = 1; node <= KafkaCluster.NODES; node++) {
            processes.add(cluster.node(node).pid());
        }

        cluster.close();
        cluster.close();

        assertThat(processes)
                .allSatisfy(pid -> assertThat(ProcessState.hasEnded(pid)).isTrue());
        assertThat(Files.notExists(directory)).isTrue();
    }

    @Test
    void aNodeMayDieAndComeBackWhileAllIsConfirmed() throws Exception {
        cluster.createTopic("survives", 1);
        TopicPartition partition = new TopicPartition("survives", 0);
        int leader = cluster.leader("survives", 0);
        try (Producer<String, String> producer = RawKafka.producer(cluster.bootstrapServers(), PATIENT)) {
            RawKafka.send(producer, partition, RawKafka.values(100));
            cluster.node(leader).kill();
            RawKafka.send(producer, partition, RawKafka.values(100));
            assertThat(cluster.leader("survives", 0)).isNotEqualTo(leader);
            cluster.node(leader).restart();
            cluster.awaitInSync();
        }
        assertThat(RawKafka.readAll(cluster.bootstrapServers(), partition)).hasSize(200);
    }

    @Test
    void leadersAndTheCoordinatorMoveWhereTheyAreSent() throws Exception {
        cluster.createTopic("moves", 1);
        for (int node = KafkaCluster.NODES; node > 0; node--) {
            cluster.moveLeader("moves", 0, node);
            assertThat(cluster.leader("moves", 0)).isEqualTo(node);
        }
        assertThat(RawKafka.committed(cluster.bootstrapServers(), "moves", "anybody"))
                .as("a group that is asked for has a coordinator from then on")
                .isZero();
        for (int node = KafkaCluster.NODES; node > 0; node--) {
            cluster.moveCoordinator(node);
            assertThat(cluster.coordinator()).isEqualTo(node);
        }
    }

    @Test
    void oneNodeCannotBeClosedOnItsOwn() {
        assertThatThrownBy(() -> cluster.node(2).close())
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("close the cluster");
    }
}
