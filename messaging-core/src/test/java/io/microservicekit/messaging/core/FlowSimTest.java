package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.testkit.MessagingAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FlowSimTest {
    private static String[] numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toArray(String[]::new);
    }

    @Test
    void tenThousandMessagesOnSixPartitionsAreHandledOnceAndInOrder() {
        try (SimWorld world = SimWorld.topics(6)) {
            Map<Integer, List<Long>> offsets = new TreeMap<>();
            world.subscribe(
                    "a",
                    ConsumerOptions.defaults(),
                    message -> offsets.computeIfAbsent(message.position().partition(), partition -> new ArrayList<>())
                            .add(message.position().offset()));
            MessageProducer producer = world.client("b").producer();
            List<CompletableFuture<SendResult>> sent = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                sent.add(producer.sendAsync(Message.builder(SimWorld.TOPIC)
                        .keyText("key-" + i % 100)
                        .build()));
            }
            sent.forEach(CompletableFuture::join);
            world.sim.settle();

            assertThat(offsets).hasSize(6);
            offsets.forEach((partition, seen) -> assertThat(seen)
                    .containsExactlyElementsOf(IntStream.range(0, seen.size())
                            .asLongStream()
                            .boxed()
                            .toList()));
            assertThat(world.calls).hasSize(10_000);
            assertThat(world.broker).hasAcknowledgedAll(SimWorld.GROUP).nothingLost();
        }
    }

    @Test
    void handlingStopsAtMaxUncommittedUntilTheBrokerTakesTheCommit() {
        try (SimWorld world = SimWorld.topics(1)) {
            CompletableFuture<Void> gate = world.sim.future();
            world.subscribe(
                    "a", ConsumerOptions.builder().maxUncommitted(10).build(), message -> SimWorld.awaitGate(gate));
            world.sendTo(0, numbers(100));
            world.broker.disconnect();
            gate.complete(null);
            world.seconds(60);

            assertThat(world.calls).hasSizeLessThanOrEqualTo(10).hasSizeGreaterThan(5);
            assertThat(world.committed(0)).isZero();

            world.broker.reconnect();
            world.sim.settle();

            assertThat(world.values()).containsExactly(numbers(100));
            assertThat(world.committed(0)).isEqualTo(100);
        }
    }

    @Test
    void theIntakePausesAtMaxInFlightAndGoesOnWhenHalfIsHandled() {
        try (SimWorld world = SimWorld.topics(1)) {
            CompletableFuture<Void> gate = world.sim.future();
            world.subscribe(
                    "a", ConsumerOptions.builder().maxInFlight(10).build(), message -> SimWorld.awaitGate(gate));
            for (String value : numbers(40)) {
                world.sendTo(0, value);
            }

            assertThat(world.broker.unacknowledged(SimWorld.GROUP)).isEqualTo(10);

            gate.complete(null);
            world.sim.settle();

            assertThat(world.values()).containsExactly(numbers(40));
            assertThat(world.committed(0)).isEqualTo(40);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = OrderingMode.class,
            names = {"PARTITION", "KEY"})
    void theBytesOfHeadersCountTowardsTheBoundOfTheIntake(OrderingMode ordering) {
        try (SimWorld world = SimWorld.topics(1)) {
            CompletableFuture<Void> gate = world.sim.future();
            ConsumerOptions options = ConsumerOptions.builder()
                    .maxInFlightBytes(10_000)
                    .ordering(ordering)
                    .build();
            world.subscribe("a", options, message -> SimWorld.awaitGate(gate));
            Message large = Message.builder(SimWorld.TOPIC)
                    .header("x-trail", "x".repeat(1_000))
                    .build();
            for (int i = 0; i < 40; i++) {
                world.sender().send(large);
                world.sim.settle();
            }

            assertThat(world.broker.unacknowledged(SimWorld.GROUP)).isEqualTo(10);

            gate.complete(null);
            world.sim.settle();

            assertThat(world.committed(0)).isEqualTo(40);
        }
    }

    @Test
    void aLaneThatWaitsDoesNotUseUpTheRoomOfOthers() {
        try (SimWorld world = SimWorld.topics(2)) {
            CompletableFuture<Void> gate = world.sim.future();
            ConsumerOptions options =
                    ConsumerOptions.builder().maxInFlight(10).concurrency(2).build();
            world.subscribe("a", options, message -> {
                if (message.position().partition() == 0) {
                    SimWorld.awaitGate(gate);
                }
            });
            for (String value : numbers(20)) {
                world.sendTo(0, value);
            }
            world.sendTo(1, numbers(30));

            assertThat(world.committed(1)).isEqualTo(30);
            assertThat(world.committed(0)).isZero();
        }
    }

    @Test
    void atMostAsManyHandlersRunAtOnceAsConcurrencySays() {
        try (SimWorld world = SimWorld.topics(6)) {
            CompletableFuture<Void> gate = world.sim.future();
            world.subscribe("a", ConsumerOptions.builder().concurrency(2).build(), message -> SimWorld.awaitGate(gate));
            for (int partition = 0; partition < 6; partition++) {
                world.sendTo(partition, "order");
            }
            assertThat(world.calls).hasSize(2);

            gate.complete(null);
            world.sim.settle();

            assertThat(world.calls).hasSize(6);
        }
    }
}
