package io.microservicekit.messaging.it.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.core.MessagingConfig;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.testkit.MemoryBroker;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/errors.md says of null: a code where the Go library has one, else a NullPointerException that names it. */
@SuppressWarnings("NullAway") // what callers without a checker do
class NullArgumentsTest {
    private static final MessagingClient CLIENT =
            MessagingClients.builder().backend(MemoryBroker.create().options()).build();
    private static final MessageProducer PRODUCER = CLIENT.producer();
    private static final MessageConsumer CONSUMER = CLIENT.consumer("group");
    private static final MessageHandler HANDLER = message -> {};
    private static final Subscription SUBSCRIPTION = CONSUMER.subscribe("orders", HANDLER);
    private static final Message MESSAGE = Message.builder("orders").build();

    @AfterAll
    static void close() {
        CLIENT.close();
    }

    static Stream<Arguments> named() {
        return Stream.of(
                call("options", () -> CLIENT.producer((ProducerOptions) null)),
                call("options", () -> CLIENT.consumer("group", (ConsumerOptions) null)),
                call("limit", () -> CLIENT.healthCheck(null)),
                call("deadline", () -> CLIENT.shutdown(null)),
                call("limit", () -> SUBSCRIPTION.awaitReady(null)),
                call("deadline", () -> SUBSCRIPTION.close(null)),
                call("key", () -> Message.builder("orders").keyText(null)),
                call("value", () -> Message.builder("orders").valueText(null)),
                call("value", () -> Headers.builder().add("name", (String) null)),
                call("value", () -> Headers.builder().set("name", (String) null)),
                call("timeout", () -> PRODUCER.send(MESSAGE, null)),
                call("messages", () -> PRODUCER.sendBatch(null)),
                call("timeout", () -> PRODUCER.sendBatch(List.of(MESSAGE), null)),
                call("code", () -> MessagingException.is(new IllegalStateException(), null)),
                call("sendTimeout", () -> ProducerOptions.builder().sendTimeout(null)),
                call("retry", () -> ConsumerOptions.builder().retry(null)),
                call("brokers", () -> MessagingClients.builder().brokers((List<String>) null)),
                call("config", () -> MessagingClients.builder().config(null)),
                call("values", () -> MessagingConfig.from((Map<String, Object>) null)),
                call("tls", () -> KafkaOptions.builder().tls(null)));
    }

    private static Arguments call(String name, ThrowingCallable call) {
        return arguments(name, call);
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("named")
    void nullThatNothingAllowsIsNamed(String name, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(name);
    }

    static Stream<Arguments> coded() {
        return Stream.of(
                arguments(ErrorCode.NIL_MESSAGE, (ThrowingCallable) () -> PRODUCER.send(null)),
                arguments(ErrorCode.NIL_MESSAGE, (ThrowingCallable) () -> CONSUMER.commit(null)),
                arguments(ErrorCode.NIL_HANDLER, (ThrowingCallable) () -> CONSUMER.subscribe("orders", null)),
                arguments(
                        ErrorCode.NO_TOPICS, (ThrowingCallable) () -> CONSUMER.subscribe((List<String>) null, HANDLER)),
                arguments(ErrorCode.NO_TOPICS, (ThrowingCallable) () -> CONSUMER.subscribe((String) null, HANDLER)),
                arguments(ErrorCode.NO_TOPICS, (ThrowingCallable) () -> CLIENT.provision("group", null)),
                arguments(ErrorCode.EMPTY_GROUP_ID, (ThrowingCallable) () -> CLIENT.provision(null, List.of("orders"))),
                arguments(ErrorCode.EMPTY_GROUP_ID, (ThrowingCallable) () -> CLIENT.consumer(null)));
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("coded")
    void nullThatTheGoLibraryHasACodeForHasIt(ErrorCode code, ThrowingCallable call) {
        Throwable error = catchThrowable(call);
        assertThat(error).isInstanceOf(MessagingException.class);
        assertThat(MessagingException.is(error, code)).isTrue();
    }
}
