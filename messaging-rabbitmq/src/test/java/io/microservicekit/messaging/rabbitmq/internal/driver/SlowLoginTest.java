package io.microservicekit.messaging.rabbitmq.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.LongStringHelper;
import com.rabbitmq.client.impl.Method;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What an address has for its first word is a share; a login that asks others about a password has longer. */
class SlowLoginTest {
    private static final Duration SHARE = Duration.ofMillis(300);
    /** Enough for a busy machine to say its first word, and less than what comes after it takes here. */
    private static final Duration LONG_SHARE = Duration.ofSeconds(2);

    private static final int LONGER_SECONDS = 3;
    private static final int HEADER_BYTES = 8;

    private final CountDownLatch end = new CountDownLatch(1);

    /** A node: what it says to whoever connects. */
    private interface Node {
        void on(DataInputStream in, DataOutputStream out) throws IOException, InterruptedException;
    }

    private Throwable connect(Duration share, Node node) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> serve(server, node));
            thread.start();
            RabbitMqOptions options = RabbitMqOptions.builder()
                    .brokers("127.0.0.1:" + server.getLocalPort())
                    .build();
            DriverSettings settings =
                    DriverSettings.of(options, null, Duration.ofSeconds(10)).within(share);
            WatchedFactory factory =
                    DriverFactory.of(settings, new DriverLog(System.getLogger("silent"), "test"), "test");
            factory.setHost("127.0.0.1");
            factory.setPort(server.getLocalPort());
            Throwable error = catchThrowable(factory::newConnection);
            end.countDown();
            thread.join(TimeUnit.SECONDS.toMillis(10));
            return error;
        }
    }

    private static void serve(ServerSocket server, Node node) {
        try (Socket socket = server.accept()) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readNBytes(HEADER_BYTES);
            node.on(in, new DataOutputStream(socket.getOutputStream()));
        } catch (IOException | InterruptedException e) {
            // The client has gone.
            return;
        }
    }

    private static void say(DataOutputStream out, Object method) throws IOException {
        ((Method) method).toFrame(0).writeTo(out);
        out.flush();
    }

    private void sayStart(DataOutputStream out) throws IOException {
        say(
                out,
                new AMQP.Connection.Start.Builder()
                        .versionMajor(0)
                        .versionMinor(9)
                        .serverProperties(Map.of())
                        .mechanisms(LongStringHelper.asLongString("PLAIN"))
                        .locales(LongStringHelper.asLongString("en_US"))
                        .build());
    }

    private static void sayRefused(DataOutputStream out) throws IOException {
        say(
                out,
                new AMQP.Connection.Close.Builder()
                        .replyCode(AMQP.ACCESS_REFUSED)
                        .replyText("ACCESS_REFUSED - Login was refused")
                        .build());
    }

    @Test
    void aLoginMayTakeLongerThanTheShareOfAnAddress() throws Exception {
        Throwable error = connect(LONG_SHARE, (in, out) -> {
            sayStart(out);
            Frame.readFrom(in, () -> Integer.MAX_VALUE);
            end.await(LONGER_SECONDS, TimeUnit.SECONDS);
            sayRefused(out);
            end.await(10, TimeUnit.SECONDS);
        });
        assertThat(error).isInstanceOf(AuthenticationFailureException.class);
    }

    /** A quarter of the heartbeat is what the driver gives it, since it is the time of its reading by then. */
    @Test
    void theVirtualHostMayTakeAsLong() throws Exception {
        Throwable error = connect(LONG_SHARE, (in, out) -> {
            sayStart(out);
            Frame.readFrom(in, () -> Integer.MAX_VALUE);
            say(
                    out,
                    new AMQP.Connection.Tune.Builder()
                            .channelMax(0)
                            .frameMax(0)
                            .heartbeat(1)
                            .build());
            // What comes next is waited for as the driver has it from now on.
            Frame.readFrom(in, () -> Integer.MAX_VALUE);
            Frame.readFrom(in, () -> Integer.MAX_VALUE);
            new Frame(AMQP.FRAME_HEARTBEAT, 0).writeTo(out);
            out.flush();
            end.await(LONGER_SECONDS, TimeUnit.SECONDS);
            sayRefused(out);
            end.await(10, TimeUnit.SECONDS);
        });
        assertThat(error).hasStackTraceContaining("Login was refused");
    }

    @Test
    void aPortThatNeverSaysAWordIsGivenUpWithinItsShare() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        Throwable error = connect(SHARE, (in, out) -> {
            if (!end.await(3, TimeUnit.SECONDS)) {
                late.countDown();
            }
        });
        assertThat(error).hasStackTraceContaining(SocketTimeoutException.class.getSimpleName());
        assertThat(late.getCount()).as("the login's own limit is 5 s").isEqualTo(1);
    }
}
