package io.microservicekit.messaging.core.internal.shared;

import java.util.concurrent.atomic.AtomicInteger;

/** What the event loop and the handler thread of a run share: the loop closes the gate, the handler thread publishes its progress. */
public final class RunGate {
    private final AtomicInteger completed = new AtomicInteger();
    private volatile boolean closed;

    /** An open gate at zero. */
    public RunGate() {}

    /** Keeps the handler thread from starting another message. */
    public void close() {
        closed = true;
    }

    public boolean isOpen() {
        return !closed;
    }

    /** Publishes how many messages are completed; by the handler thread only. */
    public void progress(int count) {
        completed.setRelease(count);
    }

    /** How many messages were completed when it was last published: never more than really are. */
    public int completed() {
        return completed.getAcquire();
    }
}
