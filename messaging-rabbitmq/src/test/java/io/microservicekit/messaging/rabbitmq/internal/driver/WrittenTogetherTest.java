package io.microservicekit.messaging.rabbitmq.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.FrameHandler;
import com.rabbitmq.client.impl.SocketFrameHandlerFactory;
import java.io.DataInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A message may wait in the buffer for others; what anybody sends off takes it along. */
class WrittenTogetherTest {
    private static final int FRAME_BYTES = 8;
    private static final int BUFFER_BYTES = 8_192;

    private ServerSocket server;
    private Socket socket;
    private FrameHandler frames;
    private Socket broker;
    private DataInputStream read;

    @BeforeEach
    void connect() throws Exception {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        socket = new Socket(server.getInetAddress(), server.getLocalPort());
        frames = new SocketFrames(socket).frames();
        broker = server.accept();
        broker.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
        read = new DataInputStream(broker.getInputStream());
    }

    @AfterEach
    void disconnect() throws Exception {
        broker.close();
        socket.close();
        server.close();
    }

    /** The frames of a connection as the factory makes them. */
    private record SocketFrames(Socket socket) {
        private FrameHandler frames() throws Exception {
            WatchedFactory factory = new WatchedFactory(null);
            factory.silentFor(1_000, 1_000);
            return ((SocketFrameHandlerFactory) factory.createFrameHandlerFactory()).create(socket);
        }
    }

    private void writeLater() throws Exception {
        frames.writeFrame(new Frame(AMQP.FRAME_HEARTBEAT, 0));
        frames.flush(WatchedFactory.LATER);
    }

    @Test
    void whatMayWaitIsSentOffWithTheNextThatMayNot() throws Exception {
        writeLater();
        writeLater();
        broker.setSoTimeout(100);
        assertThatThrownBy(read::readByte).isInstanceOf(SocketTimeoutException.class);

        frames.flush(null);

        broker.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
        assertThat(read.readNBytes(2 * FRAME_BYTES)).hasSize(2 * FRAME_BYTES);
    }

    @Test
    void moreThanTheBufferHoldsDoesNotWait() throws Exception {
        for (int written = 0; written <= BUFFER_BYTES; written += FRAME_BYTES) {
            writeLater();
        }

        assertThat(read.readNBytes(BUFFER_BYTES)).hasSize(BUFFER_BYTES);
    }
}
