package io.microservicekit.messaging.rabbitmq.internal.driver;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.SslContextFactory;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.FrameHandler;
import com.rabbitmq.client.impl.FrameHandlerFactory;
import com.rabbitmq.client.impl.SocketFrameHandler;
import com.rabbitmq.client.impl.SocketFrameHandlerFactory;
import io.microservicekit.messaging.rabbitmq.internal.shared.LastFrame;
import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The driver over blocking sockets as it is, but that it notes whose frame it read last: it says what it could not read, and not for which channel. For one connection. */
final class WatchedFactory extends ConnectionFactory {
    private final LastFrame last = new LastFrame();
    private final @Nullable SslContextFactory encryption;

    /** Without a context there is no TLS. */
    WatchedFactory(@Nullable SSLContext tls) {
        useBlockingIo();
        this.encryption = tls == null ? null : name -> tls;
        if (tls != null) {
            useSslProtocol(tls);
        }
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
                return new WatchedFrames(socket, frameMax, last);
            }
        };
    }

    private static final class WatchedFrames extends SocketFrameHandler {
        private final LastFrame last;

        private WatchedFrames(Socket socket, int frameMax, LastFrame last) throws IOException {
            super(socket, null, frameMax);
            this.last = last;
        }

        @Override
        public @Nullable Frame readFrame() throws IOException {
            Frame frame = super.readFrame();
            if (frame != null) {
                last.of(frame.getChannel());
            }
            return frame;
        }
    }
}
