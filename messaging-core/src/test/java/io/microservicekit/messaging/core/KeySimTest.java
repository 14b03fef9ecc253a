package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.core.HealthReports.assertDegraded;
import static io.microservicekit.messaging.testkit.MessagingAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.ConsumerOptionsBuilder;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.testkit.MemoryBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Subscriptions that keep the order of keys, or none. Values are the key, a dash and a number. */
class KeySimTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static ConsumerOptionsBuilder byKey() {
        return ConsumerOptions.builder().ordering(OrderingMode.KEY).retry(RetryPolicy.exponential(1, MINUTE));
    }

    private static SimWorld queue() {
        return SimWorld.of(MemoryBroker.builder().queueFlavour().prefetch(10).consumerTimeout(Duration.ofMinutes(30)));
    }

    private static void send(SimWorld world, String... values) {
        for (String value : values) {
            String key = value.startsWith("-") ? null : value.substring(0, value.indexOf('-'));
            sendOne(world, key, value);
        }
        world.sim.settle();
    }

    private static void sendOne(SimWorld world, @Nullable String key, String value) {
        Message.Builder message = Message.builder(SimWorld.TOPIC).valueText(value);
        world.sender().send(key == null ? message.build() : message.keyText(key).build());
    }

    private static void failOnce(ReceivedMessage message, String value) {
        if (value.equals(message.valueText()) && message.attempt() == 1) {
            throw new IllegalStateException("no stock");
        }
    }

    @Test
    void aParkedKeyDelaysOnlyItselfAndNothingIsCommittedPastIt() {
        try (SimWorld world = SimWorld.topics(1)) {
            world.subscribe("a", byKey().build(), message -> failOnce(message, "bad-1"));
            send(world, "good-1", "bad-1", "good-2", "bad-2", "other-1", "good-3");

            assertThat(world.values()).containsExactlyInAnyOrder("good-1", "bad-1", "good-2", "other-1", "good-3");
            assertThat(world.committed(0)).isEqualTo(1);

            world.sim.advance(MINUTE);

            assertThat(world.values()).endsWith("bad-1", "bad-2");
            assertThat(world.committed(0)).isEqualTo(6);
            assertThat(world.broker).hasAcknowledgedAll(SimWorld.GROUP).nothingLost();
        }
    }

    @Test
    void onAQueueWhatIsFinishedAboveAParkedKeyIsAcknowledgedOneByOne() {
        try (SimWorld world = queue()) {
            world.subscribe("a", byKey().build(), message -> failOnce(message, "bad-1"));
            send(world, "bad-1", "good-1", "bad-2", "good-2");

            assertThat(world.broker.unacknowledged(SimWorld.GROUP)).isEqualTo(2);

            world.sim.advance(MINUTE);

            assertThat(world.values()).containsExactly("bad-1", "good-1", "good-2", "bad-1", "bad-2");
            assertThat(world.broker.redelivered(SimWorld.GROUP)).isZero();
            assertThat(world.broker).hasAcknowledgedAll(SimWorld.GROUP).keepsTheProtocol();
        }
    }

    @Test
    void keysOfOnePartitionAreHandledSideBySideAndOneOfThemOneAtATime() {
        try (SimWorld world = SimWorld.topics(1)) {
            CompletableFuture<Void> gate = world.sim.future();
            world.subscribe("a", byKey().concurrency(2).build(), message -> SimWorld.awaitGate(gate));
            send(world, "a-1", "a-2", "b-1", "c-1");

            assertThat(world.values()).containsExactlyInAnyOrder("a-1", "b-1");

            gate.complete(null);
            world.sim.settle();

            assertThat(world.values()).hasSize(4);
            assertThat(world.values().indexOf("a-1")).isLessThan(world.values().indexOf("a-2"));
        }
    }

    @Test
    void aSlowHandlerKeepsNoOtherKeyWaitingHoweverManyWaitForAHandler() {
        try (SimWorld world = SimWorld.topics(1)) {
            CompletableFuture<Void> gate = world.sim.future();
            world.subscribe("a", byKey().concurrency(2).build(), message -> {
                if ("slow-1".equals(message.valueText())) {
                    SimWorld.awaitGate(gate);
                }
            });
            List<String> values = new ArrayList<>(List.of("slow-1"));
            for (int i = 0; i < 100; i++) {
                values.add("k" + i + "-1");
            }
            send(world, values.toArray(String[]::new));

            assertThat(world.values()).containsExactlyInAnyOrderElementsOf(values);
            assertThat(world.committed(0)).isZero();
            gate.complete(null);
            world.sim.settle();
            assertThat(world.committed(0)).isEqualTo(101);
        }
    }

    @Test
    void messagesWithoutKeyAreInNoOrder() {
        try (SimWorld world = SimWorld.topics(1)) {
            world.subscribe("a", byKey().build(), message -> failOnce(message, "-1"));
            send(world, "-1", "-2", "-3");

            assertThat(world.values()).containsExactlyInAnyOrder("-1", "-2", "-3");
        }
    }

    @Test
    void inNoOrderAMessageThatWaitsDelaysNotEvenItsOwnKey() {
        try (SimWorld world = queue()) {
            ConsumerOptions options =
                    byKey().ordering(OrderingMode.UNORDERED).concurrency(3).build();
            world.subscribe("a", options, message -> failOnce(message, "a-1"));
            send(world, "a-1", "a-2", "a-3");
            world.sim.advance(MINUTE);

            assertThat(world.values()).containsExactlyInAnyOrder("a-1", "a-2", "a-3", "a-1");
            assertThat(world.values()).endsWith("a-1");
            assertThat(world.broker).hasAcknowledgedAll(SimWorld.GROUP).keepsTheProtocol();
        }
    }

    @Test
    void aKeyWhoseDeadLetterCannotBeWrittenDelaysOnlyItself() {
        try (SimWorld world = queue()) {
            ConsumerOptions options = ConsumerOptions.builder()
                    .ordering(OrderingMode.KEY)
                    .deadLetterQueue(SimWorld.DEAD)
                    .build();
            world.subscribe("a", options, message -> {
                if ("bad-1".equals(message.valueText())) {
                    throw new IllegalStateException("no stock");
                }
            });
            world.broker.refuse(SimWorld.DEAD);
            send(world, "bad-1", "good-1", "bad-2", "good-2");
            world.seconds(100);

            assertThat(world.values()).containsExactly("bad-1", "good-1", "good-2");

            world.broker.accept(SimWorld.DEAD);
            world.seconds(31);

            assertThat(world.values()).endsWith("bad-2");
            assertThat(world.broker).topic(SimWorld.DEAD).hasSize(1).hasDeadLetter("no stock");
            assertThat(world.broker).hasAcknowledgedAll(SimWorld.GROUP).nothingLost();
        }
    }

    @Test
    void atMaxUncommittedTheLowestMessageMayStillFinishSoThatAllGoesOn() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            world.subscribe(client, byKey().maxUncommitted(4).build(), message -> failOnce(message, "bad-1"));
            send(world, "bad-1", "a-1", "b-1", "c-1", "d-1", "e-1", "f-1");

            assertThat(world.values()).containsExactlyInAnyOrder("bad-1", "a-1", "b-1", "c-1");
            assertDegraded(
                    client.health(),
                    "orders-0@0, attempt 1",
                    "are the most that may be; the first unfinished message is orders-0@0");

            world.sim.advance(MINUTE);

            assertThat(world.values()).hasSize(8);
            assertThat(world.committed(0)).isEqualTo(7);
        }
    }

    @Test
    void messagesThatCameLaterNeverFillTheBoundBeforeTheLowestOne() {
        try (SimWorld world = SimWorld.topics(1)) {
            var subscription = world.subscribe("a", byKey().maxUncommitted(2).build(), message -> {});
            subscription.pause();
            send(world, "b-1", "a-1", "c-1", "a-2", "d-1", "e-1", "f-1", "g-1");
            subscription.resume();
            world.sim.settle();

            assertThat(world.values()).hasSize(8);
            assertThat(world.committed(0)).isEqualTo(8);
        }
    }

    @Test
    void atMaxInFlightTheIntakePausesAndHealthNamesTheKeyThatWaits() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            world.subscribe(client, byKey().maxInFlight(4).build(), message -> failOnce(message, "bad-1"));
            send(world, "bad-1", "bad-2", "bad-3", "good-1", "bad-4");
            send(world, "good-2");

            assertThat(world.values()).containsExactly("bad-1", "good-1");
            assertDegraded(client.health(), "orders-0@0, attempt 1", "no more of its partition are taken in");

            world.sim.advance(MINUTE);

            assertThat(world.values()).hasSize(7).contains("good-2");
            assertThat(world.committed(0)).isEqualTo(6);
        }
    }

    @Test
    void whatWasHandedOverButNotBegunIsReturnedByAShutdownAndNotAbandoned() {
        try (SimWorld world = SimWorld.topics(1)) {
            CompletableFuture<Void> gate = world.sim.future();
            MessagingClient client = world.client("a");
            world.subscribe(client, byKey().concurrency(1).build(), message -> SimWorld.awaitGate(gate));
            send(world, "a-1", "b-1", "c-1", "d-1");

            ShutdownReport report = client.shutdown(Duration.ZERO);

            assertThat(report.abandoned()).hasSize(1);
            assertThat(report.returned()).isEqualTo(3);
            assertThat(world.values()).containsExactly("a-1");
        }
    }

    @Test
    void aRevocationWaitsForRunningHandlersOnlyAndNotForThoseWhoseTurnHasNotCome() {
        try (SimWorld world = SimWorld.topics(1)) {
            world.subscribe("a", byKey().concurrency(1).build(), message -> world.work(Duration.ofSeconds(2)));
            send(world, "a-1", "b-1", "c-1");
            world.seconds(1);
            world.broker.rebalance(SimWorld.GROUP);
            world.seconds(60);

            assertThat(world.values()).containsExactly("a-1", "b-1", "c-1");
            assertThat(world.events.dropped).isEmpty();
            assertThat(world.broker).hasAcknowledgedAll(SimWorld.GROUP).nothingLost();
        }
    }

    @Test
    void aHandlerThatOutlivesItsPartitionBarsItsOwnKeyOnly() {
        try (SimWorld world = SimWorld.topics(1)) {
            CompletableFuture<Void> gate = world.sim.future();
            world.subscribe("a", byKey().concurrency(3).build(), message -> {
                if ("slow-1".equals(message.valueText())) {
                    SimWorld.awaitGate(gate);
                }
            });
            send(world, "slow-1", "good-1");
            world.broker.expireSession("a");
            world.seconds(10);
            send(world, "slow-2", "good-2");

            assertThat(world.values()).containsExactlyInAnyOrder("slow-1", "good-1", "good-1", "good-2");

            gate.complete(null);
            world.sim.settle();

            assertThat(world.values()).endsWith("slow-1", "slow-2");
            assertThat(world.broker).hasAcknowledgedAll(SimWorld.GROUP).nothingLost();
        }
    }

    @Test
    void aPausedSubscriptionLetsCalledHandlersReturnAndStartsNoOtherKey() {
        try (SimWorld world = SimWorld.topics(1)) {
            CompletableFuture<Void> gate = world.sim.future();
            var subscription =
                    world.subscribe("a", byKey().concurrency(1).build(), message -> SimWorld.awaitGate(gate));
            send(world, "a-1", "b-1", "c-1");
            subscription.pause();
            world.sim.settle();
            gate.complete(null);
            world.sim.settle();

            assertThat(world.values()).containsExactly("a-1");
            assertThat(world.committed(0)).isEqualTo(1);

            subscription.resume();
            world.sim.settle();

            assertThat(world.values()).containsExactly("a-1", "b-1", "c-1");
        }
    }
}
