package io.microservicekit.messaging.rabbitmq.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.FrameHandler;
import com.rabbitmq.client.impl.SocketFrameHandlerFactory;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.OutboundMessage;
import io.microservicekit.messaging.rabbitmq.internal.link.PublishingEvents;
import io.microservicekit.messaging.rabbitmq.internal.shared.BlockingWorker;
import io.microservicekit.messaging.rabbitmq.internal.shared.LastFrame;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.io.DataInputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
    void aMessageMayWait() throws Exception {
        List<Object> listeners = new ArrayList<>();
        Channel channel = (Channel) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Channel.class}, (on, called, with) -> {
                    if (called.getName().equals("basicPublish")) {
                        listeners.add(with[with.length - 1]);
                    }
                    return null;
                });
        SimulatedRuntime runtime = SimulatedRuntime.seeded(1);
        Place place = new Place(runtime, runtime.loop("loop"), "test", true, new LastFrame());
        ChannelCalls calls = new ChannelCalls(channel, new BlockingWorker(runtime, "worker"), place);
        DriverPublishingChannel publishing = new DriverPublishingChannel(calls, true, new PublishingEvents() {
            @Override
            public void confirmed(long sequence, boolean multiple) {}

            @Override
            public void rejected(long sequence, boolean multiple) {}

            @Override
            public void returned(@Nullable String publishMark, int code, String text) {}

            @Override
            public void closed(Closure closure) {}
        });

        publishing.publish(new OutboundMessage(
                "x", "t", Message.builder("t").valueText("v").build(), 0, "1-1"));

        assertThat(listeners).containsExactly(WatchedFactory.LATER);
        runtime.close();
    }

    @Test
    void moreThanTheBufferHoldsDoesNotWait() throws Exception {
        for (int written = 0; written <= BUFFER_BYTES; written += FRAME_BYTES) {
            writeLater();
        }

        assertThat(read.readNBytes(BUFFER_BYTES)).hasSize(BUFFER_BYTES);
    }
}
