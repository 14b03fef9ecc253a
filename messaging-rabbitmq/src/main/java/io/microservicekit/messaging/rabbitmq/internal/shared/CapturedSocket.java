package io.microservicekit.messaging.rabbitmq.internal.shared;

import java.io.IOException;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * The socket of one connection or of an attempt at one, kept so that it can be closed whatever the driver does: a write that blocks ends by nothing
 * else.
 */
public final class CapturedSocket {
    private final Object lock = new Object();

    // Guarded by lock.
    private @Nullable Socket socket;
    private boolean closed;

    /** None yet. */
    public CapturedSocket() {}

    /** A socket was made; one that is made after the close is closed at once. */
    public void made(Socket made) {
        boolean end;
        synchronized (lock) {
            socket = made;
            end = closed;
        }
        if (end) {
            close(made);
        }
    }

    /** Closes it without waiting for anything. From any thread, idempotent. */
    public void close() {
        Socket open;
        synchronized (lock) {
            closed = true;
            open = socket;
        }
        if (open != null) {
            close(open);
        }
    }

    private static void close(Socket open) {
        try {
            // Else the close of an encrypted socket waits for the writer that it shall end.
            open.setSoLinger(true, 0);
            open.close();
        } catch (IOException e) {
            // It is closed already, or as good as that.
            return;
        }
    }
}
