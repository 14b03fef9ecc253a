package io.microservicekit.messaging.rabbitmq.internal.shared;

import org.jspecify.annotations.Nullable;

/** Attempts to connect, of which one is under way at the most: its socket can be closed from another thread. */
public final class Attempts {
    private final Object lock = new Object();

    // Guarded by lock.
    private @Nullable CapturedSocket present;
    private @Nullable CapturedSocket made;
    private boolean closed;

    /** None is under way. */
    public Attempts() {}

    /** One begins, with a place for its socket; the one before has ended. */
    public CapturedSocket begin() {
        CapturedSocket socket = new CapturedSocket();
        boolean end;
        synchronized (lock) {
            present = socket;
            end = closed;
        }
        if (end) {
            socket.close();
        }
        return socket;
    }

    /** The one under way has made a connection, which is closed by itself, or by {@link #cut}. */
    public void succeeded() {
        synchronized (lock) {
            made = present;
            present = null;
        }
    }

    /** As {@link #close}, and closes the socket of the connection that was made last as well. Idempotent. */
    public void cut() {
        close();
        CapturedSocket open;
        synchronized (lock) {
            open = made;
        }
        if (open != null) {
            open.close();
        }
    }

    /** Ends the one under way, and each further one as soon as it begins. Idempotent. */
    public void close() {
        CapturedSocket open;
        synchronized (lock) {
            closed = true;
            open = present;
        }
        if (open != null) {
            open.close();
        }
    }
}
