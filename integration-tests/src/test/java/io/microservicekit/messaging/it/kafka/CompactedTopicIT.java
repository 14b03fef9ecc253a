package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.scenario.Gate;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A topic that the broker compacts while a group is away: its offsets have gaps, in one of which the group's commit stands. */
class CompactedTopicIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String GROUP = "group";
    private static final List<String> ALONE = List.of("0", "1", "2", "3", "4");

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private static KafkaServer server;

    @BeforeAll
    static void start() {
        server = KafkaServer.builder().property("log.cleaner.backoff.ms", "100").start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private void create(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
            Map<String, String> compacting =
                    Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0", "segment.ms", "500");
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(compacting)))
                    .all()
                    .get();
        }
    }

    /** Messages from 5 on have the same key, but for the last. Each is a second later: the broker begins a segment with each. */
    private void send(String topic, int from, int to) throws Exception {
        long begin = System.currentTimeMillis() - TimeUnit.MINUTES.toMillis(5);
        try (Producer<String, String> producer = RawKafka.producer(server.bootstrapServers(), PATIENCE)) {
            for (int i = from; i < to; i++) {
                String key = i < 5 || i == 20 ? "alone-" + i : "same";
                producer.send(new ProducerRecord<>(topic, 0, begin + i * 1_000L, key, String.valueOf(i)))
                        .get();
            }
        }
    }

    /** Only what is the last of its key is left, and the segment that is written to. */
    private void awaitGap(String topic) {
        List<String> left = new ArrayList<>(ALONE);
        left.addAll(List.of("19", "20"));
        await("the broker has compacted")
                .atMost(PATIENCE)
                .until(() -> RawKafka.readAll(server.bootstrapServers(), new TopicPartition(topic, 0))
                        .equals(left));
    }

    private MessagingClient client() {
        return MessagingClients.builder()
                .backend(KafkaOptions.builder()
                        .brokers(server.bootstrapServers())
                        // The gap lies between two polls.
                        .property("max.poll.records", "5")
                        .build())
                .build();
    }

    private static void consume(MessagingClient client, String topic, MessageHandler handler) {
        client.consumer(
                        GROUP,
                        ConsumerOptions.builder()
                                .startPosition(StartPosition.EARLIEST)
                                .build())
                .subscribe(topic, handler)
                .awaitReady(PATIENCE);
    }

    private long committed(String topic) {
        return RawKafka.committed(server.bootstrapServers(), topic, GROUP);
    }

    private void awaitCommitted(String topic, long offset) {
        await("committed " + offset).atMost(PATIENCE).until(() -> committed(topic) == offset);
    }

    @Test
    void aGroupWhoseCommitFellIntoAGapGoesOnBehindItAndCommitsTheEnd() throws Exception {
        create("away");
        send("away", 0, 5);
        try (MessagingClient client = client()) {
            consume(client, "away", message -> handled.add(message.valueText()));
            awaitCommitted("away", 5);
        }
        assertThat(handled).containsExactlyElementsOf(ALONE);
        send("away", 5, 21);
        awaitGap("away");
        handled.clear();

        try (MessagingClient client = client()) {
            consume(client, "away", message -> handled.add(message.valueText()));
            awaitCommitted("away", 21);
        }
        assertThat(handled).containsExactly("19", "20");
    }

    @Test
    void anUnfinishedMessageHoldsTheGapBehindItBack() throws Exception {
        create("slow");
        send("slow", 0, 21);
        awaitGap("slow");
        Gate gate = new Gate(message -> handled.add(message.valueText()));
        gate.close(message -> message.valueText().equals("4"));
        try (MessagingClient client = client()) {
            consume(client, "slow", gate);
            gate.openAfter(() -> await("committed below the gap")
                            .during(Duration.ofSeconds(3))
                            .atMost(PATIENCE)
                            .until(() -> committed("slow") == 4))
                    .run();
            awaitCommitted("slow", 21);
        }
        assertThat(handled).containsExactly("0", "1", "2", "3", "4", "19", "20");
    }
}
