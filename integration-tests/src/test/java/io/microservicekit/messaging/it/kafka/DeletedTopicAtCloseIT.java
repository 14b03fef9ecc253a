package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of a topic that was deleted the driver asks until the limit of a commit is over, and does not tell that the broker took all the others. */
@Tag("long-faults-kafka")
@ExtendWith(KafkaServerExtension.class)
class DeletedTopicAtCloseIT {
    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final Duration LIMIT = Duration.ofSeconds(8);

    private final KafkaServer server;

    DeletedTopicAtCloseIT(KafkaServer server) {
        this.server = server;
    }

    @Fault("F26")
    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void theOthersAreKnownToBeCommittedAndTheLimitIsNotUsedUpOnceTheTopicIsMissed(String protocol) throws Exception {
        ShutdownReport report = closed(
                "missed",
                protocol,
                (client, deleted) -> await("the topic to be missed")
                        .atMost(PATIENT)
                        .until(() ->
                                client.health().readiness().reasons().toString().contains(deleted)));
        assertThat(report.unacknowledged())
                .as("its partition has been let go: %s", report)
                .isZero();
        assertThat(report.elapsed()).as("%s", report).isLessThan(LIMIT.minusSeconds(1));
    }

    /** Nothing says why the broker does not answer: it may as well be slow, and has nearly all of the time. */
    @Fault("F26")
    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void theOthersAreKnownToBeCommittedAlsoWhenTheTopicHasJustGone(String protocol) throws Exception {
        ShutdownReport report = closed("gone", protocol, (client, deleted) -> {});
        assertThat(report.unacknowledged()).as("%s", report).isEqualTo(1);
    }

    /** One message of each of two topics is handled when one of them has been deleted. */
    private ShutdownReport closed(String name, String protocol, BiConsumer<MessagingClient, String> meanwhile)
            throws Exception {
        String kept = name + "-kept-" + protocol;
        String deleted = name + "-deleted-" + protocol;
        CountDownLatch started = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        try (MessagingClient client = client(protocol);
                Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
            for (String topic : List.of(kept, deleted)) {
                server.createTopic(topic, 1);
            }
            Subscription subscription = client.consumer(kept)
                    .subscribe(List.of(kept, deleted), message -> {
                        started.countDown();
                        assertThat(release.await(2, TimeUnit.MINUTES)).isTrue();
                    })
                    .awaitReady(PATIENT);
            for (String topic : List.of(kept, deleted)) {
                RawKafka.fill(server.bootstrapServers(), new TopicPartition(topic, 0), 1);
            }
            assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
            admin.deleteTopics(List.of(deleted)).all().get();
            meanwhile.accept(client, deleted);
            release.countDown();
            ShutdownReport report = subscription.close(LIMIT);
            assertThat(RawKafka.committed(server.bootstrapServers(), kept, kept))
                    .isEqualTo(1);
            return report;
        }
    }

    private MessagingClient client(String protocol) {
        return MessagingClients.builder()
                .backend(KafkaOptions.builder()
                        .brokers(server.bootstrapServers())
                        .property("group.protocol", protocol)
                        .build())
                .build();
    }
}
