package io.microservicekit.messaging.it.kafka;

import static io.microservicekit.messaging.it.Within.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.HealthReport;
import io.microservicekit.messaging.api.HealthStatus;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.SubscriptionState;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaServerExtension.class)
class HealthIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaServer server;
    private final MessagingClient client;

    HealthIT(KafkaServer server) {
        this.server = server;
        this.client = MessagingClients.builder()
                .backend(KafkaOptions.builder()
                        .brokers(server.bootstrapServers())
                        .build())
                .build();
    }

    @AfterEach
    void closeClient() {
        client.close();
    }

    @Test
    void aTopicThatDoesNotExistIsNamedByReadinessUntilItIsThere() {
        client.consumer("health-missing").subscribe("health-not-there-yet", message -> {});
        await("the missing topic named")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(client.health().readiness().reasons())
                        .containsExactly(
                                "Group 'health-missing' is STARTING: topics [health-not-there-yet] do not exist;"
                                        + " create them, they are looked for every 5 s"));
        HealthReport report = client.health();
        assertThat(report.readiness().status()).isEqualTo(HealthStatus.DOWN);
        assertThat(report.liveness().status()).isEqualTo(HealthStatus.UP);

        server.createTopic("health-not-there-yet", 1);

        awaitUp();
        assertThat(client.health().subscriptions().get(0).state()).isEqualTo(SubscriptionState.RUNNING);
    }

    @Test
    void aSubscriptionThatFailedFailsLiveness() {
        server.createTopic("health-failed", 1);
        ConsumerOptions options =
                ConsumerOptions.builder().deadLetterQueue("health-no-such-dlq").build();
        Subscription subscription = client.consumer("health-failed", options).subscribe("health-failed", message -> {});
        await("its end").atMost(PATIENCE).until(() -> subscription.completion().isDone());

        HealthReport report = client.health();

        assertThat(report.liveness().status()).isEqualTo(HealthStatus.DOWN);
        assertThat(report.liveness().reasons())
                .singleElement()
                .asString()
                .startsWith("Group 'health-failed' is FAILED: ")
                .contains("health-no-such-dlq");
    }

    @Test
    void aHandlerThatHangsIsNamedWithinItsTimeoutAndFiveSeconds() throws Exception {
        Duration timeout = Duration.ofSeconds(1);
        server.createTopic("health-hung", 1);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ConsumerOptions options =
                ConsumerOptions.builder().handlerTimeout(timeout).build();
        client.consumer("health-hung", options)
                .subscribe("health-hung", message -> {
                    running.countDown();
                    assertThat(release.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                            .isTrue();
                })
                .awaitReady(PATIENCE);
        within(timeout.plusSeconds(5), watch -> {
            client.producer().send(Message.builder("health-hung").valueText("x").build());
            running.await();
            return watch.time(() -> {
                await("degraded").atMost(PATIENCE).until(() -> client.health().status() == HealthStatus.DEGRADED);
                return true;
            });
        });
        HealthReport report = client.health();
        assertThat(report.progress().reasons())
                .singleElement()
                .asString()
                .contains("health-hung-0@0, attempt 1: its handler has been running for", "its timeout of PT1S");
        assertThat(report.liveness().passes()).isTrue();
        assertThat(report.readiness().passes()).isTrue();

        release.countDown();
        awaitUp();
    }

    private void awaitUp() {
        await("up")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(client.health().reasons()).isEmpty());
    }
}
