package io.microservicekit.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SimulatedRuntimeTest {
    private final SimulatedRuntime sim = SimulatedRuntime.seeded(Long.getLong("seed", 1));

    @AfterEach
    void close() {
        sim.close();
    }

    @Test
    void timersFireInOrderAndAtTheirExactTimes() {
        var loop = sim.loop("loop");
        List<Duration> fired = new ArrayList<>();
        for (int millis : new int[] {30, 10, 20, 41}) {
            loop.schedule(Duration.ofMillis(millis), () -> fired.add(sim.elapsed()));
        }
        sim.advance(Duration.ofMillis(40));
        assertThat(fired).containsExactly(Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofMillis(30));
        assertThat(sim.elapsed()).isEqualTo(Duration.ofMillis(40));
        assertThat(sim.clock().instant()).isEqualTo(Instant.parse("2026-01-01T00:00:00.040Z"));
        assertThat(sim.nanoTime()).isEqualTo(40_000_000);
    }

    @Test
    void aTimerSetByATimerFiresWithinTheSameAdvance() {
        var loop = sim.loop("loop");
        List<Duration> fired = new ArrayList<>();
        loop.schedule(
                Duration.ofSeconds(1), () -> loop.schedule(Duration.ofSeconds(2), () -> fired.add(sim.elapsed())));
        sim.advance(Duration.ofSeconds(3));
        assertThat(fired).containsExactly(Duration.ofSeconds(3));
    }

    @Test
    void settleRunsWhatIsDueAndNeverMovesTime() {
        var loop = sim.loop("loop");
        List<String> ran = new ArrayList<>();
        loop.execute(() -> loop.schedule(Duration.ZERO, () -> ran.add("due")));
        loop.schedule(Duration.ofNanos(1), () -> ran.add("later"));
        sim.settle();
        assertThat(ran).containsExactly("due");
        assertThat(sim.elapsed()).isZero();
    }

    @Test
    void aCancelledTimerDoesNotRunEvenWhenItIsAlreadyDue() {
        var loop = sim.loop("loop");
        List<String> ran = new ArrayList<>();
        loop.schedule(Duration.ofSeconds(1), () -> ran.add("cancelled early")).cancel();
        var late = loop.schedule(Duration.ZERO, () -> ran.add("cancelled late"));
        loop.execute(late::cancel);
        sim.advance(Duration.ofSeconds(2));
        assertThat(ran).isEmpty();
        assertThat(sim.elapsed()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aLoopKeepsItsOrderAndIsALoop() {
        var loop = sim.loop("loop");
        List<Integer> ran = new ArrayList<>();
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            loop.execute(() -> ran.add(number));
        }
        loop.execute(() -> places.add(sim.place()));
        sim.handlers("h", 1_000).execute(() -> places.add(sim.place()));
        sim.settle();
        assertThat(ran).isSorted().hasSize(100);
        assertThat(places).containsExactlyInAnyOrder(Place.LOOP, Place.HANDLER);
        assertThat(sim.place()).isEqualTo(Place.OUTSIDE);
    }

    @Test
    void drainEndsWithTheLastOneShotTimerAndIgnoresHousekeeping() {
        var loop = sim.loop("loop");
        housekeepEverySecond(loop);
        loop.schedule(Duration.ofMillis(2_500), () -> {});
        sim.drain(Duration.ofMinutes(1));
        assertThat(sim.elapsed()).isEqualTo(Duration.ofMillis(2_500));
    }

    private static void housekeepEverySecond(io.microservicekit.messaging.api.spi.Loop loop) {
        loop.housekeeping(Duration.ofSeconds(1), () -> housekeepEverySecond(loop));
    }

    @Test
    void drainFailsWithTheListOfWhatIsPendingAfterTheLimit() {
        sim.scope("orders").loop("retry").schedule(Duration.ofSeconds(61), () -> {});
        assertThatThrownBy(() -> sim.drain(Duration.ofMinutes(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PT1M")
                .hasMessageContaining("timer of loop orders/retry")
                .hasMessageContaining("t=61000000000");
        assertThat(sim.elapsed()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void whatALoopTaskThrowsIsThrownByTheDrivingCallAfterTheOthersHaveRun() {
        var loop = sim.loop("loop");
        List<String> ran = new ArrayList<>();
        loop.execute(() -> {
            throw new IllegalArgumentException("boom");
        });
        loop.execute(() -> ran.add("next"));
        assertThatThrownBy(sim::settle)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("loop")
                .hasRootCauseMessage("boom");
        assertThat(ran).containsExactly("next");
        sim.settle();
    }

    @Test
    void stepsThatNeverMoveTimeAreALivelock() {
        var small = SimulatedRuntime.seeded(1, new Limits(Duration.ofSeconds(5), 10_000, 1_000));
        var loop = small.loop("spinning");
        loop.execute(() -> again(loop));
        assertThatThrownBy(small::settle).hasMessageContaining("livelock").hasMessageContaining("t=0 run spinning");
        small.close();
    }

    private static void again(java.util.concurrent.Executor loop) {
        loop.execute(() -> again(loop));
    }

    @Test
    void equalSeedsGiveEqualLogsAndOtherSeedsOtherInterleavingsOfTwoLoops() {
        assertThat(logOfTwoLoops(7)).isEqualTo(logOfTwoLoops(7));
        Set<String> logs = new TreeSet<>();
        for (long seed = 0; seed < 20; seed++) {
            logs.add(logOfTwoLoops(seed));
        }
        assertThat(logs).hasSizeGreaterThan(1);
    }

    private static String logOfTwoLoops(long seed) {
        try (var world = SimulatedRuntime.seeded(seed)) {
            for (int i = 0; i < 3; i++) {
                world.loop("one").execute(() -> world.note("one", () -> "did"));
                world.loop("two").execute(() -> world.note("two", () -> "did"));
            }
            world.settle();
            return world.eventLogDigest();
        }
    }

    @Test
    void theSeedDecidesTheOrderOfTimersOfOneTime() {
        Set<String> orders = new TreeSet<>();
        for (long seed = 0; seed < 20; seed++) {
            orders.add(orderOfEqualTimers(seed));
        }
        assertThat(orders).hasSizeGreaterThan(1);
        assertThat(orderOfEqualTimers(7)).isEqualTo(orderOfEqualTimers(7)).hasSize(3);
    }

    private static String orderOfEqualTimers(long seed) {
        StringBuilder order = new StringBuilder();
        try (var world = SimulatedRuntime.seeded(seed)) {
            var loop = world.loop("loop");
            for (String name : List.of("a", "b", "c")) {
                loop.schedule(Duration.ofSeconds(1), () -> order.append(name));
            }
            world.drain(Duration.ofSeconds(1));
        }
        return order.toString();
    }

    @Test
    void streamsOfRandomnessDependOnSeedPurposeAndCountOnly() {
        var other = SimulatedRuntime.seeded(sim.seed());
        long first = other.random("jitter").nextLong();
        long second = other.random("jitter").nextLong();
        sim.random("other purpose").nextLong();
        assertThat(sim.random("jitter").nextLong()).isEqualTo(first).isNotEqualTo(second);
        assertThat(sim.random("jitter").nextLong()).isEqualTo(second);
        assertThat(sim.scope("a").random("jitter").nextLong()).isNotEqualTo(first);
    }

    @Test
    void theLogTellsVirtualTimeNodeAndEvent() {
        sim.loop("loop").schedule(Duration.ofMillis(1), () -> sim.note("node", () -> "event 1"));
        sim.advance(Duration.ofMillis(1));
        assertThat(sim.eventLog()).containsExactly("t=1000000 run loop", "t=1000000 node event 1");
        assertThat(sim.eventLogDigest()).matches("[0-9a-f]{64}");
    }

    @Test
    void driversWithThreadsOfTheirOwnAreRefused() {
        assertThatThrownBy(() -> sim.ioThread("poll", () -> {}))
                .isInstanceOf(MessagingException.class)
                .matches(e -> MessagingException.is(e, ErrorCode.CAPABILITY_MISSING))
                .hasMessageContaining("in-memory");
    }

    @Test
    void timeCannotBeDrivenFromWithinNorAfterTheEnd() {
        List<Throwable> thrown = new ArrayList<>();
        sim.loop("loop").execute(() -> thrown.add(org.assertj.core.api.Assertions.catchThrowable(sim::settle)));
        sim.handlers("h", 1_000).execute(() -> thrown.add(org.assertj.core.api.Assertions.catchThrowable(sim::settle)));
        sim.settle();
        assertThat(thrown).hasSize(2).allMatch(IllegalStateException.class::isInstance);
        assertThatThrownBy(() -> sim.advance(Duration.ofNanos(-1))).isInstanceOf(IllegalArgumentException.class);
        sim.close();
        assertThatThrownBy(sim::settle)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void closingAScopeDropsItsTasksAndTimersAndNoOthers() {
        var orders = sim.scope("orders");
        var audit = sim.scope("audit");
        List<String> ran = new ArrayList<>();
        for (var scope : List.of(orders, audit)) {
            var loop = scope.loop("loop");
            loop.execute(() -> ran.add("task"));
            loop.schedule(Duration.ofSeconds(1), () -> ran.add("timer"));
            scope.handlers("h", 1_000).execute(() -> ran.add("handler"));
        }
        orders.close();
        orders.loop("late").execute(() -> ran.add("late"));
        sim.advance(Duration.ofSeconds(2));
        assertThat(ran).hasSize(3).doesNotContain("late");
    }
}
