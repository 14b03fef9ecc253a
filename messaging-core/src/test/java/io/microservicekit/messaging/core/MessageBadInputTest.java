package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.api.message.ErrorCode.EMPTY_TOPIC;
import static io.microservicekit.messaging.api.message.ErrorCode.MALFORMED_HEADER;
import static io.microservicekit.messaging.api.message.ErrorCode.NIL_MESSAGE;
import static io.microservicekit.messaging.api.message.ErrorCode.SEND_MESSAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.InvalidMessageException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.testkit.StoredMessage;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages that no broker should see: refused with a clear error, by each way of sending, before anything is sent. */
class MessageBadInputTest {
    private static final String SECRET = "card 4111";

    private final SimWorld world = SimWorld.topics(1);
    private final MessageProducer producer = world.client("a").producer();

    @AfterEach
    void end() {
        world.close();
    }

    private static Message to(String topic) {
        return Message.builder(topic).keyText(SECRET).valueText(SECRET).build();
    }

    private static Message with(String header) {
        return Message.builder("orders")
                .valueText(SECRET)
                .header("fine", SECRET)
                .header(header, SECRET)
                .build();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                arguments("no message", null, NIL_MESSAGE, "null"),
                arguments("empty topic", to(""), EMPTY_TOPIC, "blank"),
                arguments("blank topic", to(" \t"), EMPTY_TOPIC, "blank"),
                arguments("leading space", to(" orders"), SEND_MESSAGE, "' orders'"),
                arguments("trailing space", to("orders "), SEND_MESSAGE, "'orders '"),
                arguments("topic too long", to("x".repeat(250)), SEND_MESSAGE, "1 to 249"),
                arguments("characters", to("bad topic!"), SEND_MESSAGE, "'bad topic!'"),
                arguments("slash", to("../admin"), SEND_MESSAGE, "'../admin'"),
                arguments("wildcard", to("orders.*"), SEND_MESSAGE, "'orders.*'"),
                arguments("not ASCII", to("événements"), SEND_MESSAGE, "a-z"),
                arguments("dot", to("."), SEND_MESSAGE, "'.'"),
                arguments("two dots", to(".."), SEND_MESSAGE, "'..'"),
                arguments("topic of two lines", to("a\r\nb"), SEND_MESSAGE, "a\\u000d\\u000ab"),
                arguments("empty header name", with(""), MALFORMED_HEADER, "empty"),
                arguments("CC", with("CC"), MALFORMED_HEADER, "'CC'"),
                arguments("cc", with("cc"), MALFORMED_HEADER, "'cc'"),
                arguments("Bcc", with("Bcc"), MALFORMED_HEADER, "'Bcc'"),
                arguments("header name of two lines", with("a\nb"), MALFORMED_HEADER, "a\\u000ab"),
                arguments("NUL", with("a\0"), MALFORMED_HEADER, "a\\u0000"),
                arguments("DEL", with("\u007f"), MALFORMED_HEADER, "\\u007f"),
                arguments("header name too long", with("n".repeat(256)), MALFORMED_HEADER, "256 bytes"),
                arguments("too long as UTF-8", with("€".repeat(86)), MALFORMED_HEADER, "258 bytes"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    @SuppressWarnings("NullAway") // one of them is null
    void aWrongMessageIsRefusedByEachWayOfSendingBeforeAnythingIsSent(
            String name, @Nullable Message message, ErrorCode code, String says) {
        refused(code, says, () -> producer.send(message));
        refused(code, says, () -> {
            throw producer.sendAsync(message).handle((sent, error) -> error).join();
        });
        refused(code, says, () -> producer.sendBatch(Arrays.asList(to("orders"), message)));
        assertThat(world.events.sendFailures).as("what was no send").isEmpty();
    }

    private void refused(ErrorCode code, String says, ThrowingCallable call) {
        int events = world.sim.eventLog().size();
        InvalidMessageException error = catchThrowableOfType(InvalidMessageException.class, call);
        assertThat(error).isNotNull();
        assertThat(error.code()).isEqualTo(code);
        assertThat(error).hasMessageContaining(says).hasMessageNotContaining(SECRET);
        assertThat(error.getMessage().chars().noneMatch(Character::isISOControl))
                .as("no control character in " + error.getMessage())
                .isTrue();
        world.sim.settle();
        assertThat(world.sim.eventLog()).as("events after a refusal").hasSize(events);
    }

    static Stream<Arguments> unusual() {
        return Stream.of(
                arguments("longest topic", to("x".repeat(249))),
                arguments("three dots", to("...")),
                arguments("longest header name", with("n".repeat(255))),
                arguments("longest as UTF-8", with("€".repeat(85))),
                arguments("header name with a space", with("trace id")),
                arguments("header name not ASCII", with("numéro")),
                arguments("surrogate pair", with("\ud83d\ude00")),
                arguments("of a dead letter", with("x-original-topic")),
                arguments("of a broker", with("x-death")),
                arguments("begins like one refused", with("CCC")),
                arguments(
                        "header value of two lines",
                        Message.builder("orders").header("a", "b\r\n\0c").build()),
                arguments(
                        "header without a value",
                        Message.builder("orders")
                                .headers(Headers.builder()
                                        .add("a", (byte[]) null)
                                        .build())
                                .build()),
                arguments("many headers", many(10_000)),
                arguments("nothing", Message.builder("orders").build()),
                arguments(
                        "empty key and value",
                        Message.builder("orders").keyText("").valueText("").build()));
    }

    private static Message many(int count) {
        Headers.Builder headers = Headers.builder();
        for (int i = 0; i < count; i++) {
            headers.add("h" + i, "v");
        }
        return Message.builder("orders").headers(headers.build()).build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unusual")
    void anUnusualMessageIsSentAsItIs(String name, Message message) {
        producer.send(message);
        producer.sendBatch(Arrays.asList(message, message));
        assertThat(world.broker.messages(message.topic()))
                .hasSize(3)
                .extracting(StoredMessage::message)
                .allSatisfy(stored -> {
                    assertThat(stored.key()).isEqualTo(message.key());
                    assertThat(stored.value()).isEqualTo(message.value());
                    assertThat(stored.headers()).isEqualTo(message.headers());
                });
    }

    static Stream<Arguments> unmakable() {
        return Stream.of(
                arguments("half of a surrogate pair", (ThrowingCallable) () -> with("\ud83d"), MALFORMED_HEADER),
                arguments(
                        "time before 1970",
                        (ThrowingCallable) () -> Message.builder("orders").timestamp(Instant.ofEpochMilli(-5)),
                        SEND_MESSAGE),
                arguments(
                        "time after all time",
                        (ThrowingCallable) () -> Message.builder("orders").timestamp(Instant.MAX),
                        SEND_MESSAGE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unmakable")
    void whatCannotBeExpressedIsRefusedWhenTheMessageIsMade(String name, ThrowingCallable making, ErrorCode code) {
        assertThat(catchThrowableOfType(InvalidMessageException.class, making).code())
                .isEqualTo(code);
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a checker do
    void nullInPlaceOfATopicOrAHeaderNameIsNamed() {
        assertThatNullPointerException().isThrownBy(() -> Message.builder(null)).withMessage("topic");
        assertThatNullPointerException().isThrownBy(() -> with(null)).withMessage("name");
    }
}
