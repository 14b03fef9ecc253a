package io.microservicekit.messaging.core.internal.shared;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the event loop and the handler thread of a run share: the loop closes the gate, the handler thread publishes its progress and since when it
 * is in the user's handler, and the loop may interrupt that one call. A run that no handler thread has taken yet the loop may withdraw.
 *
 * <p>The handler thread goes through begun, ended, progress for each message. So whoever reads the same progress before and after a beginning knows
 * that the beginning is that of this message.
 */
public final class RunGate {
    /** No call is under way. */
    public static final long IDLE = Long.MIN_VALUE;

    private static final AtomicIntegerFieldUpdater<RunGate> STATE =
            AtomicIntegerFieldUpdater.newUpdater(RunGate.class, "state");
    private static final AtomicIntegerFieldUpdater<RunGate> COMPLETED =
            AtomicIntegerFieldUpdater.newUpdater(RunGate.class, "completed");
    private static final AtomicLongFieldUpdater<RunGate> SINCE =
            AtomicLongFieldUpdater.newUpdater(RunGate.class, "since");
    private static final int WAITING = 0;
    private static final int TAKEN = 1;
    private static final int WITHDRAWN = 2;
    private static final int CLOSED = 3;

    private final @Nullable ReentrantLock fence;
    private volatile int state = WAITING;
    private volatile int completed;
    private volatile long since = IDLE;
    private volatile @Nullable Thread handler;

    /** An open gate at zero, whose calls are not interrupted. */
    public RunGate() {
        this(false);
    }

    /** An open gate at zero. Calls that may be interrupted cost a lock each. */
    public RunGate(boolean interruptible) {
        this.fence = interruptible ? new ReentrantLock() : null;
    }

    /** Keeps the handler thread from starting another message; true when none ever takes the run, once. */
    public boolean close() {
        if (STATE.compareAndSet(this, WAITING, WITHDRAWN)) {
            return true;
        }
        STATE.compareAndSet(this, TAKEN, CLOSED);
        return false;
    }

    public boolean isOpen() {
        return state < WITHDRAWN;
    }

    /** The current thread is the handler thread, unless the run was withdrawn; before its first call. */
    public boolean enter() {
        handler = Thread.currentThread();
        return STATE.compareAndSet(this, WAITING, TAKEN);
    }

    /** Whether a handler thread has taken the run. */
    public boolean isEntered() {
        return state == TAKEN || state == CLOSED;
    }

    /** A call of the handler begins; by the handler thread only. */
    public void begun(long nanos) {
        SINCE.lazySet(this, nanos);
    }

    /** The call has ended: afterwards nobody interrupts the thread for it any more; by the handler thread only. */
    public void ended() {
        if (fence == null) {
            SINCE.lazySet(this, IDLE);
            return;
        }
        fence.lock();
        try {
            SINCE.lazySet(this, IDLE);
        } finally {
            fence.unlock();
        }
    }

    /** Publishes how many messages are completed; by the handler thread only. */
    public void progress(int count) {
        COMPLETED.lazySet(this, count);
    }

    /** How many messages were completed when it was last published: never more than really are. */
    public int completed() {
        return completed;
    }

    /** Since when the handler has been called with the message of an index; {@link #IDLE} when it is not in that call. */
    public long calledSince(int index) {
        int before = completed();
        long began = since;
        return before == index && completed() == index ? began : IDLE;
    }

    /** Interrupts the call with the message of an index, and no other; whether it was still under way. */
    public boolean interrupt(int index) {
        Thread thread = handler;
        if (fence == null || thread == null) {
            return false;
        }
        fence.lock();
        try {
            boolean underWay = calledSince(index) != IDLE;
            if (underWay) {
                thread.interrupt();
            }
            return underWay;
        } finally {
            fence.unlock();
        }
    }
}
