package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.core.HealthReports.assertUp;
import static io.microservicekit.messaging.core.HealthReports.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.HealthReport;
import io.microservicekit.messaging.api.HealthStatus;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.SubscriptionState;
import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HealthSimTest {
    @Test
    void aClientThatWorksIsUpAndNothingRunsBetweenTwoQuestions() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            assertUp(client.health());
            world.subscribe(client, ConsumerOptions.defaults(), message -> {});
            world.send("1", "2");
            world.seconds(1);

            HealthReport report = client.health();

            assertUp(report);
            assertThat(report.clientId()).isEqualTo("a");
            assertThat(only(report).state()).isEqualTo(SubscriptionState.RUNNING);
            assertThat(only(report).group()).isEqualTo(SimWorld.GROUP);
            assertThat(only(report).topics()).containsExactly(SimWorld.TOPIC);
            assertThat(only(report).inFlight()).isZero();
            assertThat(report.oldestUnfinished()).isNull();
            world.sim.settle();
            int before = world.sim.eventLog().size();
            world.seconds(3600);
            assertThat(world.sim.eventLog()).hasSize(before);
        }
    }

    @Test
    void withoutABrokerTheHealthCheckFailsAndReadinessIsDownUntilItIsBack() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            world.subscribe(client, ConsumerOptions.defaults(), message -> {});
            client.healthCheck(Duration.ofSeconds(1));
            world.broker.disconnect();
            world.seconds(1);

            assertThatThrownBy(() -> client.healthCheck(Duration.ofSeconds(2)))
                    .satisfies(e -> assertThat(((MessagingException) e).code()).isEqualTo(ErrorCode.HEALTH_CHECK))
                    .satisfies(e -> assertThat(MessagingException.is(e, ErrorCode.NO_BROKERS_AVAILABLE))
                            .isTrue());
            HealthReport report = client.health();
            assertThat(report.status()).isEqualTo(HealthStatus.DOWN);
            assertThat(report.liveness().status()).isEqualTo(HealthStatus.UP);
            assertThat(report.readiness().status()).isEqualTo(HealthStatus.DOWN);
            assertThat(report.readiness().reasons())
                    .anySatisfy(reason -> assertThat(reason).startsWith("No broker answers: NO_BROKERS_AVAILABLE"))
                    .anySatisfy(reason -> assertThat(reason).contains("'shop' is RECOVERING", "disconnected"));
            assertThat(only(report).state()).isEqualTo(SubscriptionState.RECOVERING);

            world.broker.reconnect();
            world.seconds(1);
            client.healthCheck(Duration.ofSeconds(2));
            assertUp(client.health());
        }
    }

    @Test
    void anAnswerHoldsForASecondAndNoLonger() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            client.healthCheck(Duration.ofSeconds(1));
            world.broker.disconnect();

            world.sim.advance(Duration.ofMillis(999));
            client.healthCheck(Duration.ofSeconds(1));
            world.sim.advance(Duration.ofMillis(1));

            assertThatThrownBy(() -> client.healthCheck(Duration.ofSeconds(1))).isInstanceOf(MessagingException.class);
        }
    }

    @Test
    void aSubscriptionThatIsNotReadySaysWhy() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            world.broker.disconnect();
            client.consumer(SimWorld.GROUP).subscribe(SimWorld.TOPIC, message -> {});
            world.sim.settle();

            HealthReport report = client.health();

            assertThat(only(report).state()).isEqualTo(SubscriptionState.STARTING);
            assertThat(only(report).reasons()).containsExactly("the broker was disconnected by the test");
            assertThat(report.readiness().passes()).isFalse();
            assertThat(report.liveness().passes()).isTrue();
            world.broker.reconnect();
            world.seconds(1);
            assertUp(client.health());
        }
    }

    @Test
    void aFailedSubscriptionFailsLivenessUntilItsConsumerSubscribesAgain() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            MessageConsumer consumer = client.consumer(SimWorld.GROUP);
            Subscription failing = consumer.subscribe(SimWorld.TOPIC, message -> {
                throw new OutOfMemoryError("payload-of-the-message");
            });
            failing.awaitReady(Duration.ofSeconds(1));
            world.send("1");
            assertThat(failing.completion()).isCompletedExceptionally();

            HealthReport report = client.health();

            assertThat(only(report).state()).isEqualTo(SubscriptionState.FAILED);
            assertThat(report.liveness().status()).isEqualTo(HealthStatus.DOWN);
            assertThat(report.readiness().status()).isEqualTo(HealthStatus.DOWN);
            assertThat(report.liveness().reasons().get(0)).contains("'shop' is FAILED", "OutOfMemoryError");
            assertThat(report.toString()).doesNotContain("payload-of-the-message");

            consumer.subscribe(SimWorld.TOPIC, message -> {}).awaitReady(Duration.ofSeconds(1));
            world.seconds(1);
            assertUp(client.health());
        }
    }

    @Test
    void aClosedSubscriptionIsNoReasonToBeUnwell() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            Subscription subscription = world.subscribe(client, ConsumerOptions.defaults(), message -> {});
            subscription.close();

            HealthReport report = client.health();

            assertUp(report);
            assertThat(only(report).state()).isEqualTo(SubscriptionState.CLOSED);
        }
    }

    @Test
    void aClosedClientIsNotReadyAndItsHealthCheckIsRefused() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            client.close();

            assertThatThrownBy(() -> client.healthCheck(Duration.ofSeconds(1)))
                    .isInstanceOf(ClosedException.class)
                    .satisfies(e -> assertThat(((MessagingException) e).code()).isEqualTo(ErrorCode.CLIENT_CLOSED));
            HealthReport report = client.health();
            assertThat(report.liveness().passes()).isTrue();
            assertThat(report.readiness().reasons()).containsExactly("The client is closed");
        }
    }

    @Test
    void aHandlerMayAskForTheHealthOfItsClient() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            CompletableFuture<HealthReport> seen = world.sim.future();
            world.subscribe(client, ConsumerOptions.defaults(), message -> seen.complete(client.health()));
            world.send("1");

            assertUp(seen.join());
        }
    }

    @Test
    void aContinuationOnTheControlThreadIsRefusedInsteadOfWaitingForItself() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            CompletableFuture<Throwable> refused = world.sim.future();
            CompletableFuture<?> unused = client.consumer(SimWorld.GROUP)
                    .subscribe(SimWorld.TOPIC, message -> {})
                    .ready()
                    .whenComplete((done, error) -> {
                        try {
                            client.health();
                        } catch (MessagingException e) {
                            refused.complete(e);
                        }
                    });
            world.sim.settle();

            assertThat(refused).isCompletedWithValueMatching(e -> MessagingException.is(e, ErrorCode.HEALTH_CHECK));
        }
    }
}
