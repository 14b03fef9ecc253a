package io.microservicekit.messaging.core.internal.shared;

import java.util.concurrent.atomic.AtomicReference;

/** The one state machine of everything that can be closed. */
public final class Lifecycle {
    private enum State {
        RUNNING,
        CLOSING,
        CLOSED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);

    /** A running thing. */
    public Lifecycle() {}

    public boolean isRunning() {
        return state.get() == State.RUNNING;
    }

    /** Whether this call begins the closing; exactly one call does. */
    public boolean beginClosing() {
        return state.compareAndSet(State.RUNNING, State.CLOSING);
    }

    public void closed() {
        state.set(State.CLOSED);
    }

    public boolean isClosed() {
        return state.get() == State.CLOSED;
    }
}
