package io.microservicekit.messaging.testkit;

import io.microservicekit.messaging.api.spi.Loop;
import java.util.Comparator;
import java.util.function.Consumer;

/** A timer of the world. Ordered by time, then by a number of the schedule stream, so that no code can rely on the order of equal times. */
final class SimulatedTimer implements Loop.Timer {
    static final Comparator<SimulatedTimer> ORDER = Comparator.<SimulatedTimer>comparingLong(timer -> timer.time)
            .thenComparingLong(timer -> timer.tie)
            .thenComparingLong(timer -> timer.sequence);

    private final TimerQueue queue;
    private final TimerQueue.Entry entry;
    private final long time;
    private final long tie;
    private final long sequence;
    private volatile boolean cancelled;

    SimulatedTimer(TimerQueue queue, TimerQueue.Entry entry, long tie, long sequence) {
        this.queue = queue;
        this.entry = entry;
        this.time = entry.time();
        this.tie = tie;
        this.sequence = sequence;
    }

    @Override
    public void cancel() {
        queue.cancel(this);
    }

    void markCancelled() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    boolean isOneShot() {
        return entry.kind() == TimerQueue.Kind.ONE_SHOT;
    }

    boolean belongsTo(Object owner) {
        return entry.owner() == owner;
    }

    long time() {
        return time;
    }

    /** Called with the lock of the world held. */
    void fire() {
        Consumer<SimulatedTimer> onDue = entry.onDue();
        onDue.accept(this);
    }

    @Override
    public String toString() {
        return (isOneShot() ? "timer of " : "housekeeping timer of ") + entry.owner() + " at t=" + time;
    }
}
