package io.microservicekit.messaging.core.internal.shared;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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

    private static final int WAITING = 0;
    private static final int TAKEN = 1;
    private static final int WITHDRAWN = 2;
    private static final int CLOSED = 3;

    private final @Nullable ReentrantLock fence;
    private final AtomicInteger state = new AtomicInteger(WAITING);
    private final AtomicInteger completed = new AtomicInteger();
    private final AtomicLong since = new AtomicLong(IDLE);
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
        if (state.compareAndSet(WAITING, WITHDRAWN)) {
            return true;
        }
        state.compareAndSet(TAKEN, CLOSED);
        return false;
    }

    public boolean isOpen() {
        return state.get() < WITHDRAWN;
    }

    /** The current thread is the handler thread, unless the run was withdrawn; before its first call. */
    public boolean enter() {
        handler = Thread.currentThread();
        return state.compareAndSet(WAITING, TAKEN);
    }

    /** Whether a handler thread has taken the run. */
    public boolean isEntered() {
        int now = state.get();
        return now == TAKEN || now == CLOSED;
    }

    /** A call of the handler begins; by the handler thread only. */
    public void begun(long nanos) {
        since.setRelease(nanos);
    }

    /** The call has ended: afterwards nobody interrupts the thread for it any more; by the handler thread only. */
    public void ended() {
        if (fence == null) {
            since.setRelease(IDLE);
            return;
        }
        fence.lock();
        try {
            since.setRelease(IDLE);
        } finally {
            fence.unlock();
        }
    }

    /** Publishes how many messages are completed; by the handler thread only. */
    public void progress(int count) {
        completed.setRelease(count);
    }

    /** How many messages were completed when it was last published: never more than really are. */
    public int completed() {
        return completed.getAcquire();
    }

    /** Since when the handler has been called with the message of an index; {@link #IDLE} when it is not in that call. */
    public long calledSince(int index) {
        int before = completed();
        long began = since.getAcquire();
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
