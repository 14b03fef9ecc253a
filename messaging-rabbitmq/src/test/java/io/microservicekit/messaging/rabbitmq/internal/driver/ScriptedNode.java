package io.microservicekit.messaging.rabbitmq.internal.driver;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.LongStringHelper;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.internal.link.ConnectionEvents;
import io.microservicekit.messaging.rabbitmq.internal.shared.CapturedSocket;
import io.microservicekit.messaging.rabbitmq.internal.shared.WorkerThreads;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;

/**
 * A node for one connection of at most three channels, as the broker does it: while a channel closes it ignores all but the end of that, and what comes on
 * one that is not open ends the connection.
 */
final class ScriptedNode implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int HEADER_BYTES = 8;
    private static final ConnectionEvents NOBODY = new ConnectionEvents() {
        @Override
        public void blocked(String reason) {}

        @Override
        public void unblocked() {}

        @Override
        public void closed(io.microservicekit.messaging.rabbitmq.internal.link.Closure closure) {}
    };

    private final ServerSocket server;
    private final int stuck;
    private final WorkerThreads threads = new WorkerThreads();
    private final Connection driver;
    final DriverConnection connection;

    /** The so-many-th channel that is opened says that it is closed only when its number is used again. */
    ScriptedNode(int stuck) throws Exception {
        this.stuck = stuck;
        this.server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve);
        thread.setDaemon(true);
        thread.start();
        WatchedFactory factory = factory();
        this.driver = factory.newConnection();
        Place place = new Place(threads, new DirectLoop(), "test", true, factory.last());
        this.connection = new DriverConnection(driver, new CapturedSocket(), place, NOBODY);
    }

    private WatchedFactory factory() throws Exception {
        RabbitMqOptions options = RabbitMqOptions.builder()
                .brokers("127.0.0.1:" + server.getLocalPort())
                .build();
        DriverSettings settings = DriverSettings.of(options, null, Duration.ofSeconds(10));
        WatchedFactory factory = DriverFactory.of(settings, new DriverLog(System.getLogger("silent"), "test"), "test");
        factory.setChannelRpcTimeout((int) PATIENCE.toMillis());
        factory.setHost("127.0.0.1");
        factory.setPort(server.getLocalPort());
        return factory;
    }

    boolean isOpen() {
        return driver.isOpen();
    }

    @Override
    public void close() throws IOException {
        if (driver.isOpen()) {
            driver.close(10_000);
        }
        threads.close();
        server.close();
    }

    private void serve() {
        try (Socket socket = server.accept()) {
            new Served(socket).serve();
        } catch (IOException e) {
            // The client has gone.
            return;
        }
    }

    private final class Served {
        private final DataInputStream in;
        private final DataOutputStream out;
        private int opened;
        private int stuckNumber;
        private boolean reused;

        private Served(Socket socket) throws IOException {
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(socket.getOutputStream());
        }

        private void serve() throws IOException {
            in.readNBytes(HEADER_BYTES);
            LongString mechanisms = LongStringHelper.asLongString("PLAIN");
            say(
                    0,
                    new AMQP.Connection.Start.Builder()
                            .serverProperties(Map.of())
                            .mechanisms(mechanisms)
                            .locales(LongStringHelper.asLongString("en_US"))
                            .build());
            hear();
            say(0, new AMQP.Connection.Tune.Builder().channelMax(3).build());
            hear();
            hear();
            say(0, new AMQP.Connection.OpenOk.Builder().build());
            while (true) {
                Frame frame = Frame.readFrom(in, () -> Integer.MAX_VALUE);
                answer(frame.getChannel(), AMQImpl.readMethodFrom(frame.getInputStream()));
            }
        }

        private void answer(int channel, Method asked) throws IOException {
            if (asked instanceof AMQP.Channel.Open) {
                open(channel);
            } else if (asked instanceof AMQP.Channel.Close && channel != stuckNumber) {
                say(channel, new AMQP.Channel.CloseOk.Builder().build());
            } else if (asked instanceof AMQP.Connection.Close) {
                say(0, new AMQP.Connection.CloseOk.Builder().build());
            } else if (asked instanceof AMQP.Basic.Qos) {
                say(reused ? 0 : channel, reused ? channelError() : new AMQP.Basic.QosOk.Builder().build());
            }
        }

        private void open(int channel) throws IOException {
            if (channel == stuckNumber) {
                reused = true;
                say(channel, new AMQP.Channel.CloseOk.Builder().build());
                return;
            }
            opened++;
            if (opened == stuck) {
                stuckNumber = channel;
            }
            say(channel, new AMQP.Channel.OpenOk.Builder().build());
        }

        private Object channelError() {
            return new AMQP.Connection.Close.Builder()
                    .replyCode(AMQP.CHANNEL_ERROR)
                    .replyText("CHANNEL_ERROR - expected 'channel.open'")
                    .build();
        }

        private void hear() throws IOException {
            Frame.readFrom(in, () -> Integer.MAX_VALUE);
        }

        private void say(int channel, Object method) throws IOException {
            ((com.rabbitmq.client.impl.Method) method).toFrame(channel).writeTo(out);
            out.flush();
        }
    }
}
