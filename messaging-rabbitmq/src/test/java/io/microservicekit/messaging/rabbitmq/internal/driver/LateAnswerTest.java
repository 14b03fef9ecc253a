package io.microservicekit.messaging.rabbitmq.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.LongStringHelper;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.internal.link.ChannelEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConnectionEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumingChannel;
import io.microservicekit.messaging.rabbitmq.internal.shared.CapturedSocket;
import io.microservicekit.messaging.rabbitmq.internal.shared.LastFrame;
import io.microservicekit.messaging.rabbitmq.internal.shared.WorkerThreads;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A channel that stands still is given up, and says later that it is closed. */
class LateAnswerTest {
    private static final Duration PATIENCE = Duration.ofMillis(300);
    private static final int HEADER_BYTES = 8;
    private static final ConnectionEvents NOBODY = new ConnectionEvents() {
        @Override
        public void blocked(String reason) {}

        @Override
        public void unblocked() {}

        @Override
        public void closed(Closure closure) {}
    };

    private final WorkerThreads threads = new WorkerThreads();

    @AfterEach
    void end() {
        threads.close();
    }

    /** As the broker does it: while a channel closes it ignores all but the end of that, and what comes on one that is not open ends the connection. */
    private static final class Node {
        private final DataInputStream in;
        private final DataOutputStream out;
        private int opened;
        /** Whether the reused number was given to the second channel. */
        private boolean reused;

        private Node(Socket socket) throws IOException {
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
                opened++;
                reused = opened == 2 && channel == 1;
                if (opened == 2 && channel == 1) {
                    say(1, new AMQP.Channel.CloseOk.Builder().build());
                } else {
                    say(channel, new AMQP.Channel.OpenOk.Builder().build());
                }
            } else if (asked instanceof AMQP.Connection.Close) {
                say(0, new AMQP.Connection.CloseOk.Builder().build());
            } else if (asked instanceof AMQP.Basic.Qos) {
                say(reused ? 0 : channel, reused ? channelError() : new AMQP.Basic.QosOk.Builder().build());
            }
        }

        private static Object channelError() {
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

    private static void serve(ServerSocket server) {
        try (Socket socket = server.accept()) {
            new Node(socket).serve();
        } catch (IOException e) {
            // The client has gone.
            return;
        }
    }

    @Test
    void theLateAnswerToACloseThatWasGivenUpIsNotTakenForThatOfTheNextChannel() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> serve(server));
            thread.start();
            try (Connection driver = connect(server.getLocalPort())) {
                Place place = new Place(threads, new DirectLoop(), "test", true, new LastFrame());
                DriverConnection connection = new DriverConnection(driver, new CapturedSocket(), place, NOBODY);
                ConsumingChannel stuck = answer(connection.consumingChannel(ChannelEvents.NOBODY));
                var unused = answer(stuck.close(Duration.ofSeconds(10)));

                ConsumingChannel next = answer(connection.consumingChannel(ChannelEvents.NOBODY));
                assertThat(next.prefetch(1)).succeedsWithin(Duration.ofSeconds(10));
                assertThat(driver.isOpen()).isTrue();
            }
            thread.join(TimeUnit.SECONDS.toMillis(10));
        }
    }

    private static <T> T answer(CompletableFuture<T> question) throws Exception {
        return question.get(10, TimeUnit.SECONDS);
    }

    private static Connection connect(int port) throws Exception {
        RabbitMqOptions options =
                RabbitMqOptions.builder().brokers("127.0.0.1:" + port).build();
        DriverSettings settings = DriverSettings.of(options, null, Duration.ofSeconds(10));
        WatchedFactory factory = DriverFactory.of(settings, new DriverLog(System.getLogger("silent"), "test"), "test");
        factory.setChannelRpcTimeout((int) PATIENCE.toMillis());
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        return factory.newConnection();
    }
}
