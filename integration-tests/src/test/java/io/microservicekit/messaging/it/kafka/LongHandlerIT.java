package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Handlers that take their time cost a member neither its partitions nor what it has done. */
@ExtendWith(KafkaServerExtension.class)
class LongHandlerIT {
    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final Duration MAX_POLL = Duration.ofSeconds(6);
    private static final Duration LONG = MAX_POLL.multipliedBy(3);

    private final KafkaServer server;

    LongHandlerIT(KafkaServer server) {
        this.server = server;
    }

    /** Members of both protocols, side by side: all that either does is to wait. */
    @Fault({"F8", "F21"})
    @Test
    void aHandlerAndARetryOfThreePollIntervalsCauseNoRebalance() throws Exception {
        try (Member classic = new Member("classic");
                Member consumer = new Member("consumer")) {
            for (Member member : List.of(classic, consumer)) {
                member.send("long", "again", "quick");
            }
            for (Member member : List.of(classic, consumer)) {
                member.awaitCommitted(3);
                member.send("after", "after", "after");
                member.awaitCommitted(6);
                member.assertKept();
            }
        }
    }

    /** A group of one, with a topic of its own. */
    private final class Member implements AutoCloseable {
        private final List<ReceivedMessage> calls = new CopyOnWriteArrayList<>();
        private final CountDownLatch never = new CountDownLatch(1);
        private final String topic;
        private final MessagingClient client;
        private final int generation;

        Member(String protocol) throws Exception {
            topic = "long-handler-" + protocol;
            server.createTopic(topic, 3);
            client = client(protocol);
            ConsumerOptions options = ConsumerOptions.builder()
                    .retry(RetryPolicy.exponential(1, LONG))
                    .build();
            client.consumer(topic, options).subscribe(topic, this::handle).awaitReady(PATIENT);
            generation = GroupGenerations.of(server.bootstrapServers(), topic);
        }

        /** One message to each partition. */
        void send(String... values) {
            IntStream.range(0, 3).forEach(partition -> LongHandlerIT.this.send(topic, partition, values[partition]));
        }

        void awaitCommitted(long count) {
            await(topic + " committed")
                    .atMost(PATIENT)
                    .until(() -> RawKafka.committed(server.bootstrapServers(), topic, topic) == count);
        }

        void assertKept() throws Exception {
            assertThat(generation).as("%s has joined", topic).isPositive();
            assertThat(GroupGenerations.of(server.bootstrapServers(), topic))
                    .as("the broker has rebalanced %s once", topic)
                    .isEqualTo(generation);
            assertThat(calls.stream().map(ReceivedMessage::valueText))
                    .as("one of %s was tried again, and none was delivered twice", topic)
                    .containsExactlyInAnyOrder("long", "again", "again", "quick", "after", "after", "after");
            for (int partition = 0; partition < 3; partition++) {
                int wanted = partition;
                assertThat(calls.stream()
                                .filter(call -> call.position().partition() == wanted)
                                .map(call -> call.position().epoch())
                                .distinct())
                        .as("%s assigned once", topic)
                        .hasSize(1);
            }
        }

        private void handle(ReceivedMessage message) throws Exception {
            calls.add(message);
            if ("long".equals(message.valueText())) {
                assertThat(never.await(LONG.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
            }
            if ("again".equals(message.valueText()) && message.attempt() == 1) {
                throw new IllegalStateException("not yet");
            }
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private MessagingClient client(String protocol) {
        return MessagingClients.builder()
                .backend(KafkaOptions.builder()
                        .brokers(server.bootstrapServers())
                        .property("group.protocol", protocol)
                        .property("max.poll.interval.ms", Long.toString(MAX_POLL.toMillis()))
                        .build())
                .build();
    }

    private void send(String topic, int partition, String value) {
        try (var producer = RawKafka.producer(server.bootstrapServers(), Duration.ofSeconds(30))) {
            RawKafka.send(producer, new TopicPartition(topic, partition), List.of(value));
        } catch (Exception e) {
            throw new IllegalStateException("sending " + value + " failed", e);
        }
    }
}
