package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A partition goes to another member while a handler still works on a message of it. */
@ExtendWith(KafkaServerExtension.class)
class RevokeDrainIT {
    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final int EACH = 20;

    private final KafkaServer server;
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);
    private final Set<String> started = new ConcurrentSkipListSet<>();
    private final List<String> first = new CopyOnWriteArrayList<>();
    private final List<String> second = new CopyOnWriteArrayList<>();

    RevokeDrainIT(KafkaServer server) {
        this.server = server;
    }

    @Fault("F6")
    @ParameterizedTest(name = "group.protocol={0}")
    @ValueSource(strings = {"classic", "consumer"})
    void whatRunsIsFinishedAndAcknowledgedAndTheRestGoesToTheNextMember(String protocol) throws Exception {
        String topic = "drain-" + protocol;
        server.createTopic(topic, 2);
        try (MessagingClient one = client(protocol);
                MessagingClient two = client(protocol)) {
            one.consumer(topic).subscribe(topic, this::handleSlowly).awaitReady(PATIENT);
            joinsWhileHandlersRun(two, topic);
            await().atMost(PATIENT)
                    .until(() -> RawKafka.committed(server.bootstrapServers(), topic, topic) == 2 * EACH);
        }
        assertThat(second).as("did not test: handed over").isNotEmpty();
        assertThat(first).as("what was running was finished by its member").containsAll(started);
        assertThat(Stream.concat(first.stream(), second.stream()))
                .as("each handled once")
                .hasSize(2 * EACH)
                .doesNotHaveDuplicates();
    }

    /** Lets them go also when this fails: their client does not close before. */
    private void joinsWhileHandlersRun(MessagingClient two, String topic) throws Exception {
        try {
            send(topic, 0);
            send(topic, 1);
            await().atMost(PATIENT).until(() -> started.size() == 2);
            two.consumer(topic).subscribe(topic, message -> second.add(name(message)));
            Revocations.awaitOneThatMeetsRunningHandlers(PATIENT);
            // Well within the drain of 10 s.
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            assertThat(second)
                    .as("nothing is handed over while a handler works on it")
                    .isEmpty();
        } finally {
            release.countDown();
        }
    }

    private void handleSlowly(ReceivedMessage message) throws InterruptedException {
        if (message.position().offset() == 0) {
            started.add(name(message));
            release.await();
        }
        first.add(name(message));
        // Each takes a little, so that some are left when the partition goes.
        assertThat(never.await(50, TimeUnit.MILLISECONDS)).isFalse();
    }

    private static String name(ReceivedMessage message) {
        return message.position().partition() + "-" + message.position().offset();
    }

    private MessagingClient client(String protocol) {
        return MessagingClients.builder()
                .backend(KafkaOptions.builder()
                        .brokers(server.bootstrapServers())
                        .property("group.protocol", protocol)
                        .revokeDrain(Duration.ofSeconds(10))
                        .build())
                .build();
    }

    private void send(String topic, int partition) throws Exception {
        RawKafka.fill(server.bootstrapServers(), new TopicPartition(topic, partition), EACH);
    }
}
