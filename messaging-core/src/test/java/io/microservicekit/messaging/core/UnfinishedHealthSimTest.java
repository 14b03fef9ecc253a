package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.core.HealthReports.assertDegraded;
import static io.microservicekit.messaging.core.HealthReports.assertUp;
import static io.microservicekit.messaging.core.HealthReports.oldest;
import static io.microservicekit.messaging.core.HealthReports.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.ExhaustedPolicy;
import io.microservicekit.messaging.api.HealthReport;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.ProducerHealth;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.SubscriptionState;
import io.microservicekit.messaging.api.UnfinishedMessage;
import io.microservicekit.messaging.api.UnfinishedMessage.WaitsFor;
import io.microservicekit.messaging.api.message.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What health says of messages that are not finished, and of sends without an outcome. */
class UnfinishedHealthSimTest {
    private static final RetryPolicy TWICE = RetryPolicy.exponential(1, Duration.ofSeconds(10));

    @Test
    void aRunningHandlerIsNamedAndIsNoReasonToBeUnwell() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            CompletableFuture<Void> gate = world.sim.future();
            AtomicBoolean first = new AtomicBoolean(true);
            world.subscribe(client, ConsumerOptions.defaults(), message -> {
                if (first.getAndSet(false)) {
                    return;
                }
                SimWorld.awaitGate(gate);
            });
            world.sendTo(0, "1", "2", "3");
            world.seconds(3);

            HealthReport report = client.health();

            assertUp(report);
            UnfinishedMessage oldest = oldest(report);
            assertThat(oldest.waitsFor()).isEqualTo(WaitsFor.HANDLER);
            assertThat(oldest.offset()).isEqualTo(1);
            assertThat(oldest.attempt()).isEqualTo(1);
            assertThat(oldest.since()).isEqualTo(Duration.ofSeconds(3));
            assertThat(oldest.toString()).isEqualTo("orders-0@1, attempt 1: its handler has been running for PT3S");
            assertThat(only(report).inFlight()).isEqualTo(2);
            gate.complete(null);
            world.seconds(1);
            assertThat(client.health().oldestUnfinished()).isNull();
        }
    }

    @Test
    void aMessageThatWaitsForItsRetryIsNamedAndCountsAsParked() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            world.subscribe(client, ConsumerOptions.builder().retry(TWICE).build(), message -> {
                throw new IllegalStateException("payload-of-the-message");
            });
            world.send("1");
            world.seconds(4);

            HealthReport report = client.health();

            assertUp(report);
            UnfinishedMessage oldest = oldest(report);
            assertThat(oldest.waitsFor()).isEqualTo(WaitsFor.RETRY);
            assertThat(oldest.since()).isEqualTo(Duration.ofSeconds(4));
            assertThat(oldest.detail())
                    .isEqualTo("its handler failed (java.lang.IllegalStateException) and it is tried again in PT6S");
            assertThat(only(report).parked()).isEqualTo(1);
            assertThat(report.toString()).doesNotContain("payload-of-the-message");
        }
    }

    @Test
    void aRetryBehindWhichTheIntakeIsPausedDegrades() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            AtomicBoolean well = new AtomicBoolean();
            ConsumerOptions options =
                    ConsumerOptions.builder().retry(TWICE).maxInFlight(3).build();
            world.subscribe(client, options, message -> {
                if (!well.get()) {
                    throw new IllegalStateException("not yet");
                }
            });
            world.sendTo(0, "1", "2", "3", "4", "5");
            world.seconds(1);

            assertDegraded(client.health(), "orders-0@0", "tried again in", "messages wait behind it");

            well.set(true);
            world.seconds(10);
            assertUp(client.health());
        }
    }

    @Test
    void aMessageThatBlocksByPolicyDegradesUntilItsHandlerSucceeds() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            AtomicBoolean well = new AtomicBoolean();
            world.subscribe(
                    client,
                    ConsumerOptions.builder().exhausted(ExhaustedPolicy.BLOCK).build(),
                    message -> {
                        if (!well.get()) {
                            throw new IllegalStateException("not yet");
                        }
                    });
            world.send("1", "2");
            world.seconds(5);

            HealthReport report = client.health();
            assertDegraded(report, "Group 'shop' is DEGRADED: orders-0@0, attempt 3", "blocking its lane for PT5S");
            assertThat(oldest(report).waitsFor()).isEqualTo(WaitsFor.POLICY);
            assertThat(only(report).state()).isEqualTo(SubscriptionState.DEGRADED);

            well.set(true);
            world.seconds(30);
            assertUp(client.health());
        }
    }

    @Test
    void aBlockedMessageWhoseHandlerRunsAgainStillCountsAsBlocking() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            world.subscribe(client, ConsumerOptions.defaults(), message -> {
                world.work(Duration.ofSeconds(2));
                throw new IllegalStateException("never");
            });
            world.send("1");
            world.seconds(4); // fails at 2, runs again from 3

            HealthReport report = client.health();

            assertDegraded(report, "blocking its lane for PT2S, its handler has been running for PT1S");
            assertThat(oldest(report).waitsFor()).isEqualTo(WaitsFor.POLICY);
            assertThat(oldest(report).attempt()).isEqualTo(2);
        }
    }

    @Test
    void aDeadLetterThatCannotBeWrittenDegradesWithTheReasonUntilItCan() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            world.broker.createTopic(SimWorld.DEAD, 1);
            world.broker.refuse(SimWorld.DEAD);
            world.subscribe(
                    client,
                    ConsumerOptions.builder().deadLetterQueue(SimWorld.DEAD).build(),
                    message -> {
                        throw new IllegalStateException("bad");
                    });
            world.send("1");
            world.seconds(10);

            HealthReport report = client.health();
            assertDegraded(
                    report, "orders-0@0", "dead letter for 'orders-dlq' has been failing for PT10S", "SEND_MESSAGE");
            assertThat(oldest(report).waitsFor()).isEqualTo(WaitsFor.DEAD_LETTER);

            world.broker.accept(SimWorld.DEAD);
            world.seconds(30);
            assertUp(client.health());
        }
    }

    @Test
    void aDeadLetterWithoutConfirmationIsNamed() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            world.broker.createTopic(SimWorld.DEAD, 1);
            world.broker.delayConfirms(SimWorld.DEAD, Duration.ofSeconds(8), 1);
            world.subscribe(
                    client,
                    ConsumerOptions.builder().deadLetterQueue(SimWorld.DEAD).build(),
                    message -> {
                        throw new IllegalStateException("bad");
                    });
            world.send("1");
            world.seconds(3);

            HealthReport report = client.health();

            assertUp(report);
            assertThat(oldest(report).waitsFor()).isEqualTo(WaitsFor.DEAD_LETTER);
            assertThat(oldest(report).detail()).contains("has been written for PT3S and is not confirmed");
        }
    }

    @Test
    void handledMessagesThatTheBrokerDoesNotTakeDegradeAtTheirBound() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            CompletableFuture<Void> gate = world.sim.future();
            world.subscribe(
                    client, ConsumerOptions.builder().maxUncommitted(2).build(), message -> SimWorld.awaitGate(gate));
            world.sendTo(0, "1", "2", "3", "4");
            world.broker.disconnect();
            gate.complete(null);
            world.seconds(5);

            HealthReport report = client.health();

            assertThat(oldest(report).waitsFor()).isEqualTo(WaitsFor.COMMIT);
            assertThat(only(report).reasons())
                    .anySatisfy(reason -> assertThat(reason)
                            .contains("2 handled messages are not committed at the broker, and 2 are the most"));
            world.broker.reconnect();
            world.seconds(1);
            assertUp(client.health());
        }
    }

    @Test
    void manyLanesThatWaitGiveAFewReasonsAndACount() {
        try (SimWorld world = SimWorld.topics(9)) {
            MessagingClient client = world.client("a");
            world.subscribe(client, ConsumerOptions.defaults(), message -> {
                throw new IllegalStateException("bad");
            });
            for (int partition = 0; partition < 9; partition++) {
                world.sendTo(partition, "x");
            }
            world.seconds(3);

            List<String> reasons = only(client.health()).reasons();

            assertThat(reasons).hasSize(6).last().isEqualTo("and 4 more like these");
        }
    }

    @Test
    void sendsWithoutAnOutcomeAreCountedWithTheAgeOfTheOldest() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            MessageProducer producer = client.producer();
            world.broker.delayConfirms(SimWorld.TOPIC, Duration.ofSeconds(25), 2);
            CompletableFuture<?> first =
                    producer.sendAsync(Message.builder(SimWorld.TOPIC).build());
            world.seconds(10);
            CompletableFuture<?> second =
                    producer.sendAsync(Message.builder(SimWorld.TOPIC).build());
            world.seconds(10);

            HealthReport report = client.health();
            assertUp(report);
            assertThat(report.producers()).containsExactly(new ProducerHealth(2, Duration.ofSeconds(20), null));

            world.seconds(60);
            assertThat(first).isCompleted();
            assertThat(second).isCompleted();
            assertThat(client.health().producers()).containsExactly(new ProducerHealth(0, Duration.ZERO, null));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPartitionThatCameBackWhileItsOldHandlerHangsIsDegradedUntilThatReturns(OrderingMode ordering) {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            CompletableFuture<Void> gate = world.sim.future();
            AtomicBoolean first = new AtomicBoolean(true);
            world.subscribe(client, ConsumerOptions.builder().ordering(ordering).build(), message -> {
                if (first.getAndSet(false)) {
                    SimWorld.awaitGate(gate);
                }
            });
            world.sendTo(0, "order");
            world.seconds(1);
            world.broker.expireSession("a");
            world.seconds(60);

            HealthReport report = client.health();

            assertDegraded(report, "orders-0@0", "a handler of its former assignment still runs, since PT1M1S");
            assertThat(oldest(report).waitsFor()).isEqualTo(WaitsFor.TURN);
            gate.complete(null);
            world.seconds(2);
            assertUp(client.health());
            assertThat(world.values()).hasSize(2);
        }
    }
}
