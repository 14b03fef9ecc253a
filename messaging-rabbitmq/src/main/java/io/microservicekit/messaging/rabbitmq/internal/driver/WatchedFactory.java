package io.microservicekit.messaging.rabbitmq.internal.driver;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.SslContextFactory;
import com.rabbitmq.client.WriteListener;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.FrameHandler;
import com.rabbitmq.client.impl.FrameHandlerFactory;
import com.rabbitmq.client.impl.SocketFrameHandler;
import com.rabbitmq.client.impl.SocketFrameHandlerFactory;
import io.microservicekit.messaging.rabbitmq.internal.shared.LastFrame;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The driver over blocking sockets as it is, but that it notes whose frame it read last: it says what it could not read, and not for which channel;
 * that a port which never says a word is given up earlier than a login that takes its time, and that messages can be written together. For one
 * connection. */
final class WatchedFactory extends ConnectionFactory {
    /** Given with a message, it lets it wait for others or for a flush: the driver would make a system call for each. */
    static final WriteListener LATER = (success, cause) -> {};

    private final LastFrame last = new LastFrame();
    private final @Nullable SslContextFactory encryption;
    private Silence silence = new Silence(Integer.MAX_VALUE, 0);

    /** Without a context there is no TLS. */
    WatchedFactory(@Nullable SSLContext tls) {
        useBlockingIo();
        this.encryption = tls == null ? null : name -> tls;
        if (tls != null) {
            useSslProtocol(tls);
        }
    }

    /**
     * How long it may be silent before it is open.
     *
     * @param firstMillis before its first word, and within the handshake of TLS
     * @param loginMillis after it
     */
    void silentFor(int firstMillis, int loginMillis) {
        silence = new Silence(firstMillis, loginMillis);
    }

    /** What its connection reads. */
    LastFrame last() {
        return last;
    }

    /** Nobody else has this factory, so that nothing is to be synchronized. */
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    protected FrameHandlerFactory createFrameHandlerFactory() {
        return new SocketFrameHandlerFactory(
                getConnectionTimeout(),
                getSocketFactory(),
                getSocketConfigurator(),
                isSSL(),
                null,
                encryption,
                AMQP.FRAME_MIN_SIZE) {
            @Override
            public FrameHandler create(Socket socket) throws IOException {
                return new WatchedFrames(socket, frameMax, last, silence);
            }
        };
    }

    /** In milliseconds. */
    private record Silence(int first, int login) {}

    /** Its timeouts are those of reading: the driver would give up a login that is slower than a quarter of its heartbeat. */
    private static final class WatchedFrames extends SocketFrameHandler {
        private final LastFrame last;
        private final Silence silence;
        /** Touched by the thread that reads. */
        private boolean heard;
        /** Touched by the thread that connects. */
        private boolean begun;
        /** Touched by the thread that connects. */
        private int afterwards;

        private WatchedFrames(Socket socket, int frameMax, LastFrame last, Silence silence) throws IOException {
            super(socket, null, frameMax);
            this.last = last;
            this.silence = silence;
        }

        @Override
        public void setTimeout(int millis) throws SocketException {
            afterwards = millis;
            super.setTimeout(begun ? silence.login() : silence.first());
            begun = true;
        }

        @Override
        public void finishConnectionNegotiation() {
            super.finishConnectionNegotiation();
            try {
                super.setTimeout(afterwards);
            } catch (SocketException e) {
                // It is closed: whoever reads hears of that.
                return;
            }
        }

        @Override
        public @Nullable Frame readFrame() throws IOException {
            Frame frame = super.readFrame();
            if (frame != null) {
                last.of(frame.getChannel());
                hear();
            }
            return frame;
        }

        @Override
        public void flush(@Nullable WriteListener listener) throws IOException {
            if (listener != LATER) {
                super.flush(listener);
            }
        }

        private void hear() throws SocketException {
            if (!heard) {
                heard = true;
                super.setTimeout(silence.login());
            }
        }
    }
}
