package io.microservicekit.messaging.testkit.junit.internal.shared;

import java.util.SplittableRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The faults that are in force; the test sets them, the pumps of all connections obey. Any thread may call. */
public final class Faults {
    /** Says how many bytes may pass when there is no limit. */
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final SplittableRandom random = new SplittableRandom();
    private long delayNanos;
    private long jitterNanos;
    private long bytesPerSecond;
    private long bytesUntilCut = NO_LIMIT;
    private boolean toBrokerStalled;
    private boolean toClientStalled;
    private long held;
    private long cuts;

    /** No fault is in force. */
    public Faults() {}

    /** Delays all bytes by a time that varies around the middle by as much as the jitter. */
    public void delay(long nanos, long jitter) {
        change(() -> {
            delayNanos = nanos;
            jitterNanos = jitter;
        });
    }

    /** Limits each direction of each connection. */
    public void throttle(long bytes) {
        change(() -> bytesPerSecond = bytes);
    }

    /** Holds all bytes of the directions. */
    public void stall(boolean toBroker, boolean toClient) {
        change(() -> {
            toBrokerStalled = toBroker;
            toClientStalled = toClient;
        });
    }

    /** Lets so many more bytes pass to the broker, over all connections, before the connection that wants more is cut. */
    public void cutAfter(long bytes) {
        change(() -> bytesUntilCut = bytes);
    }

    /** Ends all faults; what was held goes on. */
    public void heal() {
        change(() -> {
            delayNanos = 0;
            jitterNanos = 0;
            bytesPerSecond = 0;
            bytesUntilCut = NO_LIMIT;
            toBrokerStalled = false;
            toClientStalled = false;
        });
    }

    /** How many times bytes were held so far. */
    public long held() {
        return locked(() -> held);
    }

    /** How many connections have used up the bytes before the cut. */
    public long cuts() {
        return locked(() -> cuts);
    }

    /** The delay of the bytes that arrive now, in nanoseconds. */
    long delayNanos() {
        return locked(
                () -> jitterNanos == 0 ? delayNanos : delayNanos + random.nextLong(-jitterNanos, jitterNanos + 1));
    }

    /** How long so many bytes take, in nanoseconds; 0 without a limit. */
    long nanosFor(int bytes) {
        return locked(() -> bytesPerSecond == 0 ? 0 : bytes * 1_000_000_000L / bytesPerSecond);
    }

    /** How many of so many bytes may pass to the broker; fewer means that the connection is cut after them. */
    int admit(int bytes) {
        return locked(() -> {
            int admitted = (int) Math.min(bytes, bytesUntilCut);
            if (bytesUntilCut != NO_LIMIT) {
                bytesUntilCut -= admitted;
            }
            cuts += admitted < bytes ? 1 : 0;
            return admitted;
        });
    }

    /** Returns when nothing holds the direction any more. */
    void awaitPassage(boolean toBroker) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            held += stalled(toBroker) ? 1 : 0;
            while (stalled(toBroker)) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean stalled(boolean toBroker) {
        return toBroker ? toBrokerStalled : toClientStalled;
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }
}
