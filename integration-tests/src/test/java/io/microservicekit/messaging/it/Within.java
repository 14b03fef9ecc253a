package io.microservicekit.messaging.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.it.accounting.BrokenPromises;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A promised upper bound on a real clock. Elapsed time counts less what a ticker in this JVM saw the machine stand still
 * meanwhile. A run with a stall beyond half the bound is void, which is decided before its time, or what else it found, is
 * looked at; only what the accounting finds counts always. It is done again, and the third void in a row fails.
 */
public final class Within {
    private static final int VOIDS = 3;

    private Within() {}

    /**
     * What is done up to three times, each time from the beginning.
     *
     * @param <T> what it gives
     */
    public interface Scenario<T> {
        /** Runs it; the call that has the bound goes through the watch, once. */
        T run(Watch watch) throws Exception;
    }

    /** Runs a scenario and fails when the watched call took longer than the bound. */
    public static <T> T within(Duration bound, Scenario<T> scenario) throws Exception {
        AssertionError voids =
                new AssertionError("did not test: each of " + VOIDS + " runs was void, the machine stood still");
        for (int run = 1; run <= VOIDS; run++) {
            Watch watch = new Watch();
            try {
                T result = scenario.run(watch);
                if (!watch.isVoid(bound)) {
                    assertThat(watch.timed).as("a call was watched").isTrue();
                    assertThat(watch.elapsed.minus(watch.stall))
                            .as("elapsed %s less the machine's stall %s", watch.elapsed, watch.stall)
                            .isLessThanOrEqualTo(bound);
                    return result;
                }
            } catch (BrokenPromises broken) {
                throw broken; // no stall explains a message that is lost or out of order
            } catch (AssertionError broken) {
                if (!watch.isVoid(bound)) {
                    throw broken;
                }
                voids.addSuppressed(broken);
            }
            System.out.println("a run was void: the machine stood still for " + watch.stall);
        }
        throw voids;
    }

    /** Measures one call. */
    public static final class Watch {
        private Duration elapsed = Duration.ZERO;
        private Duration stall = Duration.ZERO;
        private boolean timed;

        private Watch() {}

        /** What else such a run shows is void too: in it deadlines pass that have nothing to do with the library. */
        private boolean isVoid(Duration bound) {
            return stall.compareTo(bound.dividedBy(2)) > 0;
        }

        /** Makes the call that has the bound. */
        public <T> T time(Callable<T> call) throws Exception {
            try (Ticker ticker = new Ticker()) {
                long begin = System.nanoTime();
                try {
                    return call.call();
                } finally {
                    elapsed = Duration.ofNanos(System.nanoTime() - begin);
                    stall = ticker.stall();
                    timed = true;
                }
            }
        }

        /** Makes a call in which each of many things has the bound, and which returns what the longest of them took. */
        public void longest(Callable<Duration> call) throws Exception {
            elapsed = time(call);
        }

        /** Returns what the call took, or the longest of the things in it. */
        public Duration elapsed() {
            return elapsed;
        }
    }

    /** Wants to run each 10 ms, and sums up by how much it came late whenever it was more than 10 ms late. */
    private static final class Ticker implements AutoCloseable {
        private static final long TICK = 10_000_000;

        private final AtomicBoolean done = new AtomicBoolean();
        private final Thread thread = new Thread(this::tick, "within-ticker");
        private final AtomicLong stall = new AtomicLong();

        Ticker() {
            thread.setDaemon(true);
            thread.start();
        }

        private void tick() {
            long last = System.nanoTime();
            while (!done.get()) {
                LockSupport.parkNanos(TICK);
                long now = System.nanoTime();
                long late = now - last - TICK;
                if (late > TICK) {
                    stall.addAndGet(late);
                }
                last = now;
            }
        }

        Duration stall() {
            return Duration.ofNanos(stall.get());
        }

        @Override
        public void close() {
            done.set(true);
            LockSupport.unpark(thread);
        }
    }
}
