package io.microservicekit.messaging.rabbitmq.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MalformedFrameException;
import com.rabbitmq.client.ShutdownListener;
import com.rabbitmq.client.ShutdownSignalException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.ChannelEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConnectionEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.InboundMessage;
import io.microservicekit.messaging.rabbitmq.internal.link.OutboundMessage;
import io.microservicekit.messaging.rabbitmq.internal.link.PublishingEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import io.microservicekit.messaging.rabbitmq.internal.shared.BlockingWorker;
import io.microservicekit.messaging.rabbitmq.internal.shared.CapturedSocket;
import io.microservicekit.messaging.rabbitmq.internal.shared.LastAddress;
import io.microservicekit.messaging.rabbitmq.internal.shared.LastFrame;
import io.microservicekit.messaging.rabbitmq.internal.shared.WorkerThreads;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever asks the driver has an answer also when it throws an Error, or when there is no thread. */
class DriverErrorsTest {
    private final WorkerThreads threads = new WorkerThreads();
    private final Loop loop = new DirectLoop();
    private final LastFrame last = new LastFrame();
    private final Place place = new Place(threads, loop, "test", true, last);

    @AfterEach
    void end() {
        threads.close();
    }

    @Test
    void anErrorWhileConnectingIsAnAnswer() {
        DriverSettings.Address address = new DriverSettings.Address("localhost", 1);
        isAnswered(connecting(List.of(address), new FailingTls()), "localhost:1: InternalError");
    }

    @Test
    void anErrorOutsideOfAnAttemptIsAnAnswerToo() {
        CompletableFuture<?> answer = connecting(null, null);
        assertThat(errorOf(answer)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void anErrorOfThisProcessOutsideOfAnAttemptIsAnAnswerToo() {
        CompletableFuture<?> answer = connecting(
                new AbstractList<>() {
                    @Override
                    public DriverSettings.Address get(int index) {
                        throw new InternalError("out of memory");
                    }

                    @Override
                    public int size() {
                        throw new InternalError("out of memory");
                    }
                },
                null);
        assertThat(errorOf(answer)).isInstanceOf(InternalError.class);
    }

    private CompletableFuture<?> connecting(List<DriverSettings.Address> addresses, SSLContext tls) {
        Duration second = Duration.ofSeconds(1);
        DriverSettings settings = new DriverSettings(
                addresses,
                "/",
                () -> new DriverSettings.Login("guest", "guest"),
                tls,
                List.of(),
                second,
                second,
                second,
                second,
                1_000,
                true);
        BackendContext context = new BackendContext(
                "test", threads, System.getLogger("silent"), new MessagingObserver() {}, Duration.ofSeconds(1));
        return new DriverConnector(settings, new LastAddress(), context, loop).connect("test", new SilentConnection());
    }

    @Test
    void anErrorWhileAChannelIsOpenedIsAnAnswer() {
        isAnswered(connection().consumingChannel(new SilentChannel()), "InternalError");
    }

    @Test
    void aChannelWithoutAThreadIsAnAnswer() {
        threads.withoutThread.set(1);
        isAnswered(connection().consumingChannel(new SilentChannel()), "unable to create native thread");
    }

    @Test
    void aCloseWithoutAThreadClosesTheSocket() throws Exception {
        threads.withoutThread.set(1);
        CapturedSocket socket = new CapturedSocket();
        Socket made = new Socket();
        socket.made(made);
        var unused = connection(socket).close(Duration.ofSeconds(1));
        assertThat(made.isClosed()).isTrue();
    }

    private DriverConnection connection() {
        return connection(new CapturedSocket());
    }

    private DriverConnection connection(CapturedSocket socket) {
        return new DriverConnection(failing(Connection.class), socket, place, new SilentConnection());
    }

    @Test
    void anErrorOfACallOnAChannelIsAnAnswerAndTheChannelIsOver() throws Exception {
        ChannelCalls calls = calls();
        CompletableFuture<Closure> ended = new CompletableFuture<>();
        calls.listen(ended::complete);
        isAnswered(calls.command(channel -> channel.basicQos(1)), "InternalError");
        assertThat(ended.get(10, TimeUnit.SECONDS).kind()).isEqualTo(Closure.Kind.PROCESS);
    }

    @Test
    void anErrorOfAnAcknowledgementEndsTheChannel() throws Exception {
        ChannelCalls calls = calls();
        CompletableFuture<Closure> ended = new CompletableFuture<>();
        calls.listen(ended::complete);
        calls.tell(channel -> channel.basicAck(1, false));
        assertThat(ended.get(10, TimeUnit.SECONDS).kind()).isEqualTo(Closure.Kind.PROCESS);
    }

    @Test
    void onlyTheChannelThatAMessageCameForIsToldThatItCouldNotBeRead() throws Exception {
        last.of(7);
        assertThat(endOf(channelThatEnds(7)).kind()).isEqualTo(Closure.Kind.RECEIVED);
        assertThat(endOf(channelThatEnds(8)).kind()).isEqualTo(Closure.Kind.DRIVER);
    }

    private Closure endOf(Channel channel) throws Exception {
        CompletableFuture<Closure> ended = new CompletableFuture<>();
        new ChannelCalls(channel, new BlockingWorker(threads, "worker"), place).listen(ended::complete);
        return ended.get(10, TimeUnit.SECONDS);
    }

    private static Channel channelThatEnds(int number) {
        return (Channel) Proxy.newProxyInstance(
                Channel.class.getClassLoader(), new Class<?>[] {Channel.class}, (proxy, method, given) -> {
                    if (method.getName().equals("getChannelNumber")) {
                        return number;
                    }
                    ShutdownSignalException lost = new ShutdownSignalException(true, false, null, "connection");
                    lost.initCause(new MalformedFrameException("Too many levels of nested tables/arrays (max 32)"));
                    ((ShutdownListener) given[0]).shutdownCompleted(lost);
                    return null;
                });
    }

    @Test
    void aMessageThatComesTooLateForItsChannelIsToldWhatClosedIt() {
        AMQP.Channel.Close close = new AMQP.Channel.Close.Builder()
                .replyCode(404)
                .replyText("NOT_FOUND - no exchange 'x'")
                .build();
        Channel closed = (Channel) Proxy.newProxyInstance(
                Channel.class.getClassLoader(), new Class<?>[] {Channel.class}, (proxy, method, given) -> {
                    throw new AlreadyClosedException(new ShutdownSignalException(false, false, close, "channel"));
                });
        ChannelCalls calls = new ChannelCalls(closed, new BlockingWorker(threads, "worker"), place);
        Message message = Message.builder("t").valueText("v").build();

        Throwable thrown = catchThrowable(() -> new DriverPublishingChannel(calls, true, new SilentPublishing())
                .publish(new OutboundMessage("x", "t", message, 0, null)));

        assertThat(thrown)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.closure().code()).isEqualTo(404));
    }

    @Test
    void whatIsThrownWhileAMessageIsTakenEndsTheChannelWithThatReason() throws Exception {
        assertThat(endAfter(new InternalError("Java heap space")).kind()).isEqualTo(Closure.Kind.OVERTAXED);
        Closure unreadable = endAfter(new IllegalStateException("no such type"));
        assertThat(unreadable.kind()).isEqualTo(Closure.Kind.RECEIVED);
        assertThat(unreadable.text()).contains("IllegalStateException: no such type");
        assertThat(unreadable.ofConnection()).isFalse();
    }

    private Closure endAfter(Throwable thrown) throws Exception {
        ChannelCalls calls = calls();
        CompletableFuture<Closure> ended = new CompletableFuture<>();
        calls.listen(ended::complete);
        ChannelEvents events = new SilentChannel(thrown);
        new DriverConsumer("tag", calls, events)
                .handleDelivery(
                        "tag",
                        new Envelope(1, false, "x", "t"),
                        new AMQP.BasicProperties.Builder().build(),
                        new byte[1]);
        return ended.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aChannelThatCannotBePreparedIsNotLeftOpen() {
        List<String> called = new CopyOnWriteArrayList<>();
        Channel channel = (Channel) Proxy.newProxyInstance(
                Channel.class.getClassLoader(), new Class<?>[] {Channel.class}, (proxy, method, given) -> {
                    called.add(method.getName());
                    if (method.getName().equals("confirmSelect")) {
                        throw new InternalError("Java heap space");
                    }
                    return null;
                });
        Connection open = (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, given) -> method.getName().equals("getChannelMax") ? 1 : channel);
        DriverConnection connection = new DriverConnection(open, new CapturedSocket(), place, new SilentConnection());

        isAnswered(connection.publishingChannel(true, new SilentPublishing()), "InternalError");

        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> called.contains("abort"));
    }

    private ChannelCalls calls() {
        return new ChannelCalls(failing(Channel.class), new BlockingWorker(threads, "worker"), place);
    }

    private static void isAnswered(CompletableFuture<?> answer, String words) {
        Throwable error = errorOf(answer);
        assertThat(error).isInstanceOf(RefusedException.class).hasMessageContaining(words);
        assertThat(((RefusedException) error).closure().kind()).isEqualTo(Closure.Kind.PROCESS);
    }

    private static Throwable errorOf(CompletableFuture<?> answer) {
        Throwable thrown = catchThrowable(() -> answer.get(10, TimeUnit.SECONDS));
        assertThat(thrown).isInstanceOf(ExecutionException.class);
        return thrown.getCause();
    }

    /** Each call but that of its listeners throws an Error. */
    private static <T> T failing(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    if (method.getName().startsWith("add")) {
                        return null;
                    }
                    throw new InternalError("Java heap space");
                }));
    }

    private static final class FailingTls extends SSLContext {
        private FailingTls() {
            super(new FailingSockets(), null, "TLS");
        }
    }

    private static final class FailingSockets extends SSLContextSpi {
        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            throw new InternalError("Java heap space");
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trusted, SecureRandom random) {}

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            throw new UnsupportedOperationException();
        }
    }

    private static final class SilentConnection implements ConnectionEvents {
        @Override
        public void blocked(String reason) {}

        @Override
        public void unblocked() {}

        @Override
        public void closed(Closure closure) {}
    }

    private static final class SilentPublishing implements PublishingEvents {
        @Override
        public void confirmed(long sequence, boolean multiple) {}

        @Override
        public void rejected(long sequence, boolean multiple) {}

        @Override
        public void returned(String publishMark, int code, String text) {}

        @Override
        public void closed(Closure closure) {}
    }

    private static final class SilentChannel implements ChannelEvents {
        private final Throwable thrown;

        private SilentChannel() {
            this(null);
        }

        private SilentChannel(Throwable thrown) {
            this.thrown = thrown;
        }

        @Override
        public void delivered(InboundMessage message) {
            if (thrown instanceof Error error) {
                throw error;
            }
            if (thrown instanceof RuntimeException exception) {
                throw exception;
            }
        }

        @Override
        public void cancelled(String consumerTag) {}

        @Override
        public void closed(Closure closure) {}
    }
}
