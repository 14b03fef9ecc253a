package io.microservicekit.messaging.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All timers of a world, by time. Guarded by the lock of the world, which only {@link #cancel} takes by itself. */
final class TimerQueue {
    private final ReentrantLock lock;
    private final SplittableRandom ties;
    private final TreeSet<SimulatedTimer> timers = new TreeSet<>(SimulatedTimer.ORDER);
    private long sequence;
    private int oneShots;

    TimerQueue(ReentrantLock lock, SplittableRandom ties) {
        this.lock = lock;
        this.ties = ties;
    }

    SimulatedTimer add(Entry entry) {
        SimulatedTimer timer = new SimulatedTimer(this, entry, ties.nextLong(), sequence++);
        timers.add(timer);
        oneShots += timer.isOneShot() ? 1 : 0;
        return timer;
    }

    void cancel(SimulatedTimer timer) {
        lock.lock();
        try {
            timer.markCancelled();
            remove(timer);
        } finally {
            lock.unlock();
        }
    }

    private void remove(SimulatedTimer timer) {
        if (timers.remove(timer)) {
            oneShots -= timer.isOneShot() ? 1 : 0;
        }
    }

    void dropOf(Object owner) {
        for (SimulatedTimer timer : new ArrayList<>(timers)) {
            if (timer.belongsTo(owner)) {
                timer.markCancelled();
                remove(timer);
            }
        }
    }

    /** Fires what is due at a time, in order. */
    void fireUntil(long now) {
        for (SimulatedTimer next = first(); next != null && next.time() <= now; next = first()) {
            remove(next);
            next.fire();
        }
    }

    private @Nullable SimulatedTimer first() {
        return timers.isEmpty() ? null : timers.first();
    }

    boolean isEmpty() {
        return timers.isEmpty();
    }

    boolean hasOneShots() {
        return oneShots > 0;
    }

    /** The time of the next timer, or the end of time when there is none. */
    long next() {
        return timers.isEmpty() ? Long.MAX_VALUE : timers.first().time();
    }

    List<String> describe() {
        List<String> lines = new ArrayList<>();
        timers.forEach(timer -> lines.add(timer.toString()));
        return lines;
    }

    /** Whether the end of a run waits for a timer. */
    enum Kind {
        /** It does. */
        ONE_SHOT,
        /** It does not. */
        HOUSEKEEPING
    }

    /** What a timer is for; {@code onDue} is called with the lock of the world held. */
    record Entry(long time, Kind kind, Object owner, Consumer<SimulatedTimer> onDue) {}
}
