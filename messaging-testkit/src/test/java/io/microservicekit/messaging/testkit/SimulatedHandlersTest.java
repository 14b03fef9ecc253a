package io.microservicekit.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SimulatedHandlersTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimulatedRuntime sim = SimulatedRuntime.seeded(Long.getLong("seed", 1));
    private final List<String> done = new ArrayList<>();

    @AfterEach
    void close() {
        sim.close();
        assertThat(threadsOf("orders/")).isEmpty();
        assertThat(threadsOf("h-")).isEmpty();
    }

    private static List<String> threadsOf(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .sorted()
                .toList();
    }

    private void pause(Duration duration) {
        CompletableFuture<String> future = sim.future();
        sim.loop("pause").schedule(duration, () -> future.complete(""));
        future.join();
    }

    @Test
    void handlersBlockInVirtualTimeSideBySide() {
        var pool = sim.handlers("h", 1_000);
        for (int seconds = 3; seconds > 0; seconds--) {
            Duration duration = Duration.ofSeconds(seconds);
            pool.execute(() -> {
                pause(duration);
                done.add(duration + " at " + sim.elapsed());
            });
        }
        sim.advance(Duration.ofSeconds(3));
        assertThat(done).containsExactly("PT1S at PT1S", "PT2S at PT2S", "PT3S at PT3S");
    }

    @Test
    void noMoreHandlersRunAtOnceThanThePoolHasThreadsAndTheOthersFollowInOrder() {
        var pool = sim.handlers("h", 2);
        for (int i = 0; i < 5; i++) {
            int number = i;
            pool.execute(() -> {
                pause(SECOND);
                done.add(number / 2 + " at " + sim.elapsed().toSeconds());
            });
        }
        sim.drain(Duration.ofSeconds(3));
        assertThat(done).containsExactly("0 at 1", "0 at 1", "1 at 2", "1 at 2", "2 at 3");
    }

    @Test
    void handlersThatWaitForEachOtherGoOnOneByOne() {
        CompletableFuture<String> fromLoop = sim.future();
        CompletableFuture<String> fromFirst = sim.future();
        CompletableFuture<String> fromSecond = sim.future();
        var pool = sim.handlers("h", 1_000);
        pool.execute(() -> {
            fromFirst.complete(fromLoop.join() + "1");
            done.add(fromSecond.join());
        });
        pool.execute(() -> fromSecond.complete(fromFirst.join() + "2"));
        sim.loop("loop").schedule(SECOND, () -> fromLoop.complete("0"));
        sim.drain(SECOND);
        assertThat(done).containsExactly("012");
    }

    @Test
    void aLimitEndsAWaitOfAHandlerAtItsVirtualTimeAndALateEndDoesNotDisturbTheNextWait() {
        CompletableFuture<String> late = sim.future();
        CompletableFuture<String> next = sim.future();
        sim.handlers("h", 1_000).execute(() -> {
            done.add(catchThrowable(() -> sim.await(late, SECOND)).getClass().getSimpleName() + " at " + sim.elapsed());
            done.add(next.join() + " at " + sim.elapsed());
        });
        var loop = sim.loop("loop");
        loop.schedule(Duration.ofSeconds(2), () -> late.complete("late"));
        loop.schedule(Duration.ofSeconds(3), () -> next.complete("next"));
        sim.drain(Duration.ofSeconds(3));
        assertThat(done).containsExactly(TimeoutException.class.getSimpleName() + " at PT1S", "next at PT3S");
        assertThat(sim.eventLog())
                .filteredOn(line -> line.endsWith("run h#1"))
                .containsExactly("t=0 run h#1", "t=1000000000 run h#1", "t=3000000000 run h#1");
    }

    @Test
    void whatAHandlerTaskThrowsIsThrownByTheDrivingCall() {
        sim.handlers("h", 1_000).execute(() -> {
            pause(SECOND);
            throw new IllegalStateException("boom");
        });
        assertThatThrownBy(() -> sim.advance(SECOND))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("h#1")
                .hasRootCauseMessage("boom");
    }

    @Test
    void closingInterruptsWaitingHandlersAndDropsThoseNotBegun() {
        var scope = sim.scope("orders");
        var pool = scope.handlers("h", 1_000);
        CompletableFuture<String> never = sim.future();
        pool.execute(() -> done.add("await "
                + catchThrowable(() -> sim.await(never, SECOND)).getClass().getSimpleName()));
        pool.execute(
                () -> done.add("join " + catchThrowable(never::join).getClass().getSimpleName()));
        sim.settle();
        pool.execute(() -> done.add("never begun"));
        scope.close();
        scope.close();
        assertThat(done)
                .containsExactlyInAnyOrder(
                        "await " + InterruptedException.class.getSimpleName(),
                        "join " + CancellationException.class.getSimpleName());
        sim.settle();
        assertThat(done).hasSize(2);
    }

    @Test
    void aPoolClosedByALoopInterruptsItsHandlersInTheirTurn() {
        var pool = sim.handlers("h", 1_000);
        CompletableFuture<String> never = sim.future();
        pool.execute(() -> done.add(
                catchThrowable(() -> sim.await(never, SECOND)).getClass().getSimpleName() + sim.elapsed()));
        sim.loop("loop").schedule(Duration.ofMillis(5), pool::close);
        sim.advance(Duration.ofMillis(5));
        assertThat(done).containsExactly("InterruptedExceptionPT0.005S");
    }

    @Test
    void aCrashDropsAClientAndItsHandlersNeverRunOn() {
        var scope = sim.scope("orders");
        CompletableFuture<String> wanted = sim.future();
        scope.handlers("h", 1_000).execute(() -> {
            try {
                sim.await(wanted, Duration.ofSeconds(5));
            } catch (Exception e) {
                done.add("exception");
            } finally {
                done.add("finally");
            }
        });
        sim.settle();
        var loop = scope.loop("loop");
        loop.execute(() -> done.add("task"));
        loop.schedule(SECOND, () -> done.add("timer"));
        scope.handlers("h2", 1_000).execute(() -> done.add("handler"));
        sim.crash("orders");
        loop.execute(() -> done.add("late task"));
        wanted.complete("too late");
        sim.drain(SECOND);
        sim.advance(Duration.ofMinutes(1));
        scope.close();
        assertThat(done).isEmpty();
        assertThatThrownBy(() -> sim.crash("orders")).isInstanceOf(IllegalArgumentException.class);
        sim.scope("orders").loop("loop").execute(() -> done.add("reborn"));
        sim.settle();
        assertThat(done).containsExactly("reborn");
    }

    @Test
    void aHandlerThatCrashesItsOwnClientStopsAtItsNextWait() {
        var scope = sim.scope("orders");
        scope.handlers("h", 1_000).execute(() -> {
            sim.crash("orders");
            done.add("before");
            pause(SECOND);
            done.add("after");
        });
        sim.advance(Duration.ofSeconds(5));
        assertThat(done).containsExactly("before");
    }

    @Test
    void aHandlerStuckOutsideOfAwaitIsReportedWithItsStack() {
        try (var world = SimulatedRuntime.seeded(1, Limits.DEFAULT.withStuckAfter(Duration.ofMillis(500)))) {
            world.handlers("h", 1_000).execute(SimulatedHandlersTest::stuck);
            assertThatThrownBy(world::settle)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("h#1")
                    .hasMessageContaining("CountDownLatch.await")
                    .hasMessageContaining("SimulatedHandlersTest.stuck");
            assertThatThrownBy(world::settle).hasMessageContaining("stuck");
        }
    }

    private static void stuck() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void allThreadsAreNamedAfterTheirClientAndNoneSurvivesTheEnd() {
        var scope = sim.scope("orders");
        CompletableFuture<String> never = sim.future();
        for (int i = 0; i < 3; i++) {
            scope.handlers("group", 1_000).execute(() -> done.add(String.valueOf(catchThrowable(never::join))));
        }
        sim.settle();
        assertThat(threadsOf("orders/group-")).hasSize(3);
        sim.close();
        assertThat(threadsOf("orders/")).isEmpty();
    }

    @Test
    void aSecondWaitingThreadCorruptsNothing() throws Exception {
        List<CompletableFuture<String>> futures = new ArrayList<>();
        var loop = sim.loop("loop");
        for (int i = 0; i < 2_000; i++) {
            CompletableFuture<String> future = sim.future();
            loop.schedule(Duration.ofMillis(i), () -> future.complete("done"));
            futures.add(future);
        }
        Thread other = new Thread(() -> futures.forEach(CompletableFuture::join), "second waiter");
        other.start();
        futures.forEach(CompletableFuture::join);
        other.join(10_000);
        assertThat(other.isAlive()).isFalse();
        assertThat(sim.eventLog()).hasSize(2_000);
    }

    @Test
    void aThousandHandlersRoundTripsCostMicroseconds() {
        var pool = sim.handlers("h", 1_000);
        var loop = sim.loop("loop");
        int rounds = 20;
        for (int i = 0; i < 1_000; i++) {
            pool.execute(() -> {
                for (int round = 0; round < rounds; round++) {
                    CompletableFuture<String> future = sim.future();
                    loop.schedule(SECOND, () -> future.complete(""));
                    future.join();
                }
                done.add("done");
            });
        }
        sim.settle();
        long start = System.nanoTime();
        sim.drain(Duration.ofSeconds(rounds));
        long micros = (System.nanoTime() - start) / 1_000;
        assertThat(done).hasSize(1_000);
        System.out.println("1,000 handlers waited " + rounds + " times each: " + micros / 1_000 + " ms, "
                + micros / (1_000.0 * rounds) + " us per wait");
    }

    @Test
    void oneHandlersRoundTripsCostMicroseconds() {
        int rounds = 20_000;
        var loop = sim.loop("loop");
        sim.handlers("h", 1_000).execute(() -> {
            for (int round = 0; round < rounds; round++) {
                CompletableFuture<String> future = sim.future();
                loop.execute(() -> future.complete(""));
                future.join();
            }
        });
        long start = System.nanoTime();
        sim.settle();
        long micros = (System.nanoTime() - start) / 1_000;
        System.out.println("baton round trip with one loop step: " + micros / (double) rounds + " us");
    }
}
