package io.microservicekit.messaging.testkit;

import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything the scopes of a simulated runtime share: time, timers, what is runnable, the event log. One lock guards it; it is never held while
 * tasks run. Which source runs next is decided here and by the seed alone.
 */
final class World {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final ReentrantLock lock = new ReentrantLock();
    final Failures failures = new Failures(lock);
    final TimerQueue timers;
    final Baton baton;
    final Limits limits;
    private final EventLog log = new EventLog();
    private final SeededStreams streams;
    private final SplittableRandom schedule;
    private final List<Source> runnable = new ArrayList<>();
    private final Set<HandlerTask> waiting = new LinkedHashSet<>();
    private volatile long now;
    private volatile @Nullable Thread loopThread;

    World(long seed, Limits limits) {
        this.limits = limits;
        streams = new SeededStreams(seed);
        schedule = streams.stream("schedule");
        timers = new TimerQueue(lock, streams.stream("ties"));
        baton = new Baton(limits.stuckAfter());
    }

    long now() {
        return now;
    }

    Instant instant() {
        return START.plusNanos(now);
    }

    void moveTo(long time) {
        now = Math.max(now, time);
    }

    /** The virtual time after a delay; a delay that is longer than time lasts until its end. */
    long after(Duration delay) {
        long nanos = nanos(delay);
        return nanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + nanos;
    }

    private static long nanos(Duration delay) {
        if (delay.isNegative()) {
            return 0;
        }
        return delay.toSeconds() >= Long.MAX_VALUE / 1_000_000_000L ? Long.MAX_VALUE : delay.toNanos();
    }

    Place place() {
        Thread current = Thread.currentThread();
        if (current == loopThread) {
            return Place.LOOP;
        }
        return current instanceof HandlerThread thread && thread.isOf(this) ? Place.HANDLER : Place.OUTSIDE;
    }

    <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    SplittableRandom random(String purpose) {
        return locked(() -> streams.stream(purpose));
    }

    void note(String node, String event) {
        locked(() -> log.add(now, node, event));
    }

    List<String> lastEvents(int count) {
        return locked(() -> log.last(count));
    }

    List<String> events() {
        return locked(log::lines);
    }

    String digest() {
        return locked(log::digest);
    }

    /** With the lock held. */
    void addRunnable(Source source) {
        runnable.add(source);
    }

    /** With the lock held. */
    boolean removeRunnable(Source source) {
        return runnable.remove(source);
    }

    /** With the lock held. */
    void addWaiting(HandlerTask task) {
        waiting.add(task);
    }

    /** With the lock held. */
    void removeWaiting(HandlerTask task) {
        waiting.remove(task);
    }

    boolean someoneWaits() {
        return locked(() -> !waiting.isEmpty());
    }

    /** Decides what takes the next step at the present instant; null when nothing is due. */
    @Nullable Source pick() {
        lock.lock();
        try {
            timers.fireUntil(now);
            if (runnable.isEmpty()) {
                return null;
            }
            int index = runnable.size() == 1 ? 0 : schedule.nextInt(runnable.size());
            Source last = runnable.remove(runnable.size() - 1);
            Source picked = index == runnable.size() ? last : runnable.set(index, last);
            log.add(now, "run", picked.name());
            return picked;
        } finally {
            lock.unlock();
        }
    }

    void runOnLoop(String name, Runnable task) {
        loopThread = Thread.currentThread();
        try {
            task.run();
        } catch (Throwable e) {
            failures.add(name, e);
        } finally {
            loopThread = null;
        }
    }

    /** What has not ended, one line each, in a stable order. */
    List<String> pending() {
        return locked(() -> {
            List<String> lines = new ArrayList<>();
            runnable.forEach(source -> lines.add(source.toString()));
            waiting.forEach(task -> lines.add(task.toString()));
            lines.addAll(timers.describe());
            return lines;
        });
    }
}
