package io.microservicekit.messaging.testkit;

import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the thread of a test does to let the world go on. One thread at a time; another one waits for its turn. */
final class Driver {
    private static final int EVENTS_OF_A_LIVELOCK = 50;
    private static final int HOUSEKEEPING_ONLY = 1_000;

    private final World world;
    private final ReentrantLock turn = new ReentrantLock();
    private int steps;
    private int stepsAtInstant;
    private @Nullable IllegalStateException broken;
    private volatile boolean closed;

    Driver(World world) {
        this.world = world;
    }

    void settle() {
        drive("settle", () -> runUntil(world.now()));
    }

    void advance(Duration duration) {
        drive("advance", () -> {
            long target = world.after(duration);
            End end = runUntil(target);
            world.moveTo(target);
            return end;
        });
    }

    void drain(Duration limit) {
        drive("drain", () -> {
            long deadline = world.after(limit);
            End end = drainUntil(deadline);
            if (end != End.DONE) {
                world.moveTo(deadline);
                throw new IllegalStateException(
                        "Not drained within " + limit + " of virtual time; pending:" + pending());
            }
            return end;
        });
    }

    void await(CompletableFuture<?> future, Duration limit) throws InterruptedException, TimeoutException {
        End end = drive("await", () -> awaitUntil(future, world.after(limit)));
        if (end == End.INTERRUPTED) {
            throw new InterruptedException("The wait was interrupted");
        }
        if (end == End.TIME) {
            throw new TimeoutException("Not done within " + limit + " of virtual time; pending:" + pending());
        }
    }

    /** Runs handlers that were told to end to their ends. */
    void unwind(List<HandlerTask> tasks) {
        turn.lock();
        try {
            for (HandlerTask task : tasks) {
                if (world.locked(() -> world.removeRunnable(task))) {
                    world.note("end", task.name());
                    guarded(task);
                }
            }
        } finally {
            turn.unlock();
        }
    }

    void close() {
        closed = true;
    }

    private End drive(String call, Supplier<End> body) {
        if (world.place() != Place.OUTSIDE) {
            throw new IllegalStateException("Only a thread of the test may drive simulated time, but " + call
                    + " was called in a " + world.place() + " of it: schedule on a loop instead");
        }
        turn.lock();
        try {
            refuseWhenEnded(call);
            steps = 0;
            stepsAtInstant = 0;
            End end = reporting(body);
            world.failures.throwCollected(null);
            return end;
        } finally {
            turn.unlock();
        }
    }

    private void refuseWhenEnded(String call) {
        if (closed) {
            throw new IllegalStateException(
                    "Simulated time is over: " + call + " was called after the runtime was closed");
        }
        if (broken != null) {
            throw new IllegalStateException(
                    "Simulated time cannot go on after a handler got stuck; see the cause", broken);
        }
    }

    private End reporting(Supplier<End> body) {
        try {
            return body.get();
        } catch (IllegalStateException e) {
            world.failures.throwCollected(e);
            throw e;
        }
    }

    private End runUntil(long target) {
        while (true) {
            if (!step()) {
                long next = nextTimer();
                if (next > target || next == Long.MAX_VALUE) {
                    return End.DONE;
                }
                moveTo(next);
            }
        }
    }

    private End drainUntil(long deadline) {
        while (true) {
            if (!step()) {
                if (!hasOneShots()) {
                    return drained();
                }
                long next = nextTimer();
                if (next > deadline) {
                    return End.TIME;
                }
                moveTo(next);
            }
        }
    }

    private End drained() {
        if (world.someoneWaits()) {
            throw new IllegalStateException(
                    "Cannot drain: handlers wait for what nothing will complete; pending:" + pending());
        }
        return End.DONE;
    }

    private End awaitUntil(CompletableFuture<?> future, long deadline) {
        int housekeepingOnly = 0;
        while (!future.isDone()) {
            if (Thread.interrupted()) {
                return End.INTERRUPTED;
            }
            if (step()) {
                continue;
            }
            housekeepingOnly = hasOneShots() ? 0 : housekeepingOnly + 1;
            long next = nextTimer();
            if (next == Long.MAX_VALUE || (deadline == Long.MAX_VALUE && housekeepingOnly > HOUSEKEEPING_ONLY)) {
                throw new IllegalStateException(
                        "This wait can never end: nothing is runnable and no timer could complete"
                                + " the future; pending:" + pending());
            }
            if (next > deadline) {
                world.moveTo(deadline);
                return End.TIME;
            }
            moveTo(next);
        }
        return End.DONE;
    }

    private boolean step() {
        if (++steps > world.limits.stepsPerCall() || ++stepsAtInstant > world.limits.stepsPerInstant()) {
            throw new IllegalStateException("livelock: " + stepsAtInstant + " steps at t=" + world.now() + " and "
                    + steps + " in this call; the last events:" + lines(world.lastEvents(EVENTS_OF_A_LIVELOCK)));
        }
        Source next = world.pick();
        if (next != null) {
            guarded(next);
        }
        return next != null;
    }

    /** What tasks throw is collected: the only error that comes out of a step is that of a stuck handler. */
    private void guarded(Source source) {
        try {
            source.step();
        } catch (IllegalStateException e) {
            broken = e;
            throw e;
        }
    }

    private void moveTo(long time) {
        stepsAtInstant = 0;
        world.moveTo(time);
    }

    private long nextTimer() {
        return world.locked(() -> world.timers.next());
    }

    private boolean hasOneShots() {
        return world.locked(() -> world.timers.hasOneShots());
    }

    private String pending() {
        List<String> pending = world.pending();
        return pending.isEmpty() ? " nothing" : lines(pending);
    }

    private static String lines(List<String> lines) {
        return "\n    " + String.join("\n    ", lines);
    }

    private enum End {
        DONE,
        TIME,
        INTERRUPTED
    }
}
