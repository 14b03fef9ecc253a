package io.microservicekit.messaging.kafka.internal.shared;

import org.jspecify.annotations.Nullable;

/** Keeps one thing that is made when it is first needed, until it is closed. Of two made at once the first is kept. */
public final class KeptUntilClosed<T> {
    private final Object lock = new Object();
    private @Nullable T kept;
    private boolean closed;

    /** Keeps nothing yet. */
    public KeptUntilClosed() {}

    /** What is kept, null when nothing is. */
    public @Nullable T kept() {
        synchronized (lock) {
            return kept;
        }
    }

    /** Offers what was made; returns what is kept now, null when this is closed. */
    public @Nullable T keep(T made) {
        synchronized (lock) {
            if (kept == null && !closed) {
                kept = made;
            }
            return kept;
        }
    }

    /** Keeps nothing from now on; returns what was kept, for the caller to end, or null. */
    public @Nullable T close() {
        synchronized (lock) {
            T last = kept;
            kept = null;
            closed = true;
            return last;
        }
    }
}
