package io.microservicekit.messaging.core.internal.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.InvalidMessageException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.trace.MessageTracer;
import io.microservicekit.messaging.api.trace.TraceSpan;
import io.microservicekit.messaging.core.internal.runtime.SystemRuntime;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is put around handler and adapter: nothing without a tracer, and nothing that a broken tracer could break. */
class TracingTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private final List<String> log = new ArrayList<>();
    private final ClientRuntime runtime = new SystemRuntime(null, logger());
    private final List<Message> sent = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private final BackendProducer producer = new BackendProducer() {
        @Override
        public @Nullable MessagingException refusal(Message message) {
            return message.sizeBytes() > MAX_BYTES ? refused("it is too large.") : null;
        }

        @Override
        public CompletableFuture<SendResult> send(Message message, Duration timeout) {
            sent.add(message);
            return CompletableFuture.completedFuture(new SendResult("orders", 0, 1, 2, true, true));
        }

        @Override
        public CompletableFuture<Long> close(Duration limit) {
            return CompletableFuture.completedFuture(0L);
        }
    };
    private final BackendConsumer consumer = proxy(BackendConsumer.class, call -> {
        calls.add(call);
        return null;
    });
    private final Message message = Message.builder("orders")
            .header("tenant", "blue")
            .header("tenant", "green")
            .build();

    private static final int MAX_BYTES = 1_000;

    private static @Nullable MessagingException sendable(Message message) {
        return message.topic().equals("refused") ? refused("its topic.") : null;
    }

    private static MessagingException refused(String why) {
        return new InvalidMessageException(ErrorCode.SEND_MESSAGE, why);
    }

    private interface Call {
        @Nullable Object made(String method);
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> call.made(method.getName())));
    }

    private System.Logger logger() {
        return (System.Logger) Proxy.newProxyInstance(
                System.Logger.class.getClassLoader(),
                new Class<?>[] {System.Logger.class},
                (self, method, args) -> log.add(args[0] + " " + args[1]));
    }

    @Test
    void withoutATracerEverythingIsHandedBackAsItIs() {
        Tracing off = Tracing.of(null, runtime, logger());
        MessageHandler handler = received -> {};
        assertThat(off.around(handler)).isSameAs(handler);
        assertThat(off.around(producer, TracingTest::sendable)).isSameAs(producer);
        assertThat(off.around(consumer)).isSameAs(consumer);
        assertThat(off.or(null)).isSameAs(off);
    }

    /** A method that a traced one does not pass on would silently do what the interface does by default. */
    @Test
    void whatIsTracedPassesOnEachMethodOfItsInterface() {
        assertThat(notPassedOn(BackendProducer.class, TracedProducer.class)).isEmpty();
        assertThat(notPassedOn(BackendConsumer.class, TracedConsumer.class)).isEmpty();
        assertThat(notPassedOn(MessageTracer.class, GuardedTracer.class)).isEmpty();
        assertThat(notPassedOn(MessageTracer.class, String.class)).isNotEmpty();
    }

    private static List<String> notPassedOn(Class<?> type, Class<?> traced) {
        List<String> own = Arrays.stream(traced.getDeclaredMethods())
                .map(TracingTest::signature)
                .toList();
        return Arrays.stream(type.getMethods())
                .map(TracingTest::signature)
                .filter(method -> !own.contains(method))
                .toList();
    }

    private static String signature(Method method) {
        return method.getName() + Arrays.toString(method.getParameterTypes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "null", "activate", "close", "fail", "end"})
    void aTracerThatThrowsIsLoggedOnceAndChangesNothing(String where) throws Exception {
        Tracing tracing = Tracing.of(new Broken(where), runtime, logger());
        for (int i = 0; i < 3; i++) {
            assertThat(tracing.around(producer, TracingTest::sendable).send(message, TIMEOUT))
                    .isCompleted();
            assertThat(tracing.around(producer, TracingTest::sendable).sendDeadLetter(message, TIMEOUT))
                    .isCompleted();
            tracing.around(consumer).acknowledge(new Assignment("orders", 0, 1), 5, new long[0]);
            handle(tracing, null);
            IllegalStateException own = new IllegalStateException("no stock");
            assertThat(handle(tracing, own)).isSameAs(own);
        }
        assertThat(sent).hasSize(6);
        if (where.equals("start")) {
            assertThat(sent).allMatch(message::equals);
        }
        assertThat(calls).hasSize(3);
        assertThat(log)
                .singleElement()
                .asString()
                .isEqualTo(
                        "WARNING Tracer " + Broken.class.getName() + " threw; it is called on, but not logged again");
    }

    @Test
    void typedHeadersKeepTheirTypesWhenTheTracerThrows() {
        Message typed = Message.builder("orders")
                .valueText("v")
                .headers(Headers.builder()
                        .addTyped("n", "1".getBytes(StandardCharsets.UTF_8), 1)
                        .build())
                .build();
        Tracing tracing = Tracing.of(new Broken("start"), runtime, logger());

        assertThat(tracing.around(producer, TracingTest::sendable).send(typed, TIMEOUT))
                .isCompleted();

        assertThat(sent)
                .singleElement()
                .satisfies(message -> assertThat(message.headers().raw("n")).isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CC", "baggage"})
    void aContextWithWhichTheMessageCouldNotBeSentIsLeftOutAndThatIsLoggedOnce(String header) {
        String context = "c".repeat(header.equals("CC") ? 1 : MAX_BYTES);
        Function<Message, @Nullable MessagingException> rules =
                sent -> sent.headers().text("CC") == null ? null : refused("CC routes.");
        BackendProducer traced =
                Tracing.of(new Writing(header, context), runtime, logger()).around(producer, rules);
        for (int i = 0; i < 3; i++) {
            assertThat(traced.send(message, TIMEOUT)).isCompleted();
        }
        assertThat(sent).hasSize(3).allMatch(message::equals);
        assertThat(log)
                .singleElement()
                .asString()
                .startsWith("WARNING A message was sent without the trace context that its tracer gave it");
    }

    private static @Nullable Throwable handle(Tracing tracing, @Nullable RuntimeException failure) {
        List<String> called = new ArrayList<>();
        MessageHandler handler = received -> {
            called.add(received.topic());
            if (failure != null) {
                throw failure;
            }
        };
        ReceivedMessage received =
                ReceivedMessage.of(Message.builder("orders").build(), MessagePosition.of("orders", 0, 1), "shop");
        try {
            tracing.around(handler).handle(received);
            return null;
        } catch (Exception e) {
            return e;
        } finally {
            assertThat(called).hasSize(1);
        }
    }

    @Test
    void anAdapterThatThrowsIsAFailedSendAndEndsItsSpan() {
        List<String> ended = new ArrayList<>();
        MessageTracer tracer = new Broken("nowhere", ended);
        BackendProducer throwing = proxy(BackendProducer.class, call -> {
            throw new IllegalStateException("adapter");
        });
        assertThat(Tracing.of(tracer, runtime, logger())
                        .around(throwing, TracingTest::sendable)
                        .send(message, TIMEOUT))
                .isCompletedExceptionally();
        assertThat(ended).containsExactly("fail", "end");
    }

    /** Throws in one kind of call only. */
    private record Broken(String where, List<String> ended) implements MessageTracer {
        Broken(String where) {
            this(where, new ArrayList<>());
        }

        private void call(String here) {
            if (here.equals(where)) {
                throw new IllegalStateException("broken tracer: " + where);
            }
            ended.add(here);
        }

        @SuppressWarnings("NullAway") // what a tracer must not answer
        private TraceSpan span() {
            call("start");
            ended.clear();
            return where.equals("null") ? null : new Span();
        }

        @Override
        public TraceSpan startSend(Message message, Headers.Builder carrier) {
            carrier.remove("tenant").add("half", "written");
            return span();
        }

        @Override
        public TraceSpan startDeadLetter(Message deadLetter) {
            return span();
        }

        @Override
        public TraceSpan startProcess(ReceivedMessage received) {
            return span();
        }

        @Override
        public TraceSpan startSettle(MessagePosition position) {
            return span();
        }

        private final class Span implements TraceSpan {
            @Override
            public Scope activate() {
                call("activate");
                return () -> call("close");
            }

            @Override
            public void fail(Throwable cause) {
                call("fail");
            }

            @Override
            public void end() {
                call("end");
            }
        }
    }
}
