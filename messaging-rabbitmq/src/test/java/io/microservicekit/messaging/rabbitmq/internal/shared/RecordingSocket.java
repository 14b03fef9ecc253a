package io.microservicekit.messaging.rabbitmq.internal.shared;

import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** A socket that is connected to nothing. */
final class RecordingSocket extends Socket {
    private volatile boolean closed;
    private volatile @Nullable Integer linger;

    @Override
    public void setSoLinger(boolean on, int seconds) {
        linger = on ? seconds : null;
    }

    @Nullable Integer lingers() {
        return linger;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }
}
