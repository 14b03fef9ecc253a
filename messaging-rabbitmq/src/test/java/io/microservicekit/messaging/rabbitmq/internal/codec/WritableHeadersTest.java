package io.microservicekit.messaging.rabbitmq.internal.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.impl.AMQBasicProperties;
import com.rabbitmq.client.impl.AMQImpl;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever somebody else has sent, a dead letter of it can be written and read. */
class WritableHeadersTest {
    private static final Instant MADE = Instant.ofEpochMilli(1_700_000_000_123L);

    private static Message deadLetter(Headers.Builder headers) {
        return Message.builder("dead")
                .keyText("k")
                .valueText("v")
                .timestamp(MADE)
                .headers(headers.build())
                .build();
    }

    private static List<String> names(Headers headers) {
        List<String> names = new ArrayList<>();
        headers.forEach((name, value) -> names.add(name));
        return names;
    }

    /** As it arrives: written and read by the driver. */
    private static Message arrived(Message message) throws IOException {
        AMQBasicProperties written = AmqpMessages.write(WritableHeaders.of(message), true, "1-1", 0);
        byte[] payload = written.toFrame(1, 0).getPayload();
        AMQP.BasicProperties read = (AMQP.BasicProperties)
                AMQImpl.readContentHeaderFrom(new DataInputStream(new ByteArrayInputStream(payload)));
        return AmqpMessages.read(message.topic(), read, AmqpMessages.body(message));
    }

    @Test
    void whatCanBeWrittenIsLeftAsItIs() {
        Message plain = deadLetter(Headers.builder().add("a", "1").add("CCC", "2"));
        assertThat(WritableHeaders.of(plain)).isSameAs(plain);
        Message typed = deadLetter(Headers.builder().addTyped("n", "1".getBytes(UTF_8), 1));
        assertThat(WritableHeaders.of(typed)).isSameAs(typed);
    }

    @Test
    void namesThatTheLibraryWritesItselfBecomeOriginalOnes() throws IOException {
        Message arrived =
                arrived(deadLetter(Headers.builder().add("x-timestamp", "17").add("x-messaging", "theirs")));

        assertThat(arrived.headers().text("x-original-x-timestamp")).isEqualTo("17");
        assertThat(arrived.headers().text("x-original-x-messaging")).isEqualTo("theirs");
        assertThat(arrived.timestampMillis(-1)).isEqualTo(MADE.toEpochMilli());
    }

    @Test
    void namesThatWouldSendItElsewhereBecomeOriginalOnes() throws IOException {
        Headers.Builder headers = Headers.builder();
        for (String name : List.of("CC", "cc", "b", "Bcc", "BCC")) {
            headers.add(name, "value of " + name);
        }
        Message sent = deadLetter(headers);
        Message arrived = arrived(sent);
        assertThat(names(arrived.headers()))
                .containsExactly("x-original-CC", "x-original-cc", "b", "x-original-Bcc", "x-original-BCC");
        assertThat(arrived.headers().text("x-original-Bcc")).isEqualTo("value of Bcc");
        assertThat(arrived.toBuilder().headers(sent.headers()).build())
                .as("all but the headers")
                .isEqualTo(sent);
    }

    @Test
    void routesOfAListKeepTheirType() throws IOException {
        Headers.Builder headers =
                Headers.builder().addTyped("CC", "[\"a\"]".getBytes(UTF_8), Collections.singletonList("a"));
        assertThat(arrived(deadLetter(headers)).headers().raw("x-original-CC"))
                .isEqualTo(Collections.singletonList("a"));
    }

    /** Drivers before the present one read each byte that is no UTF-8 as a character of three bytes. */
    @Test
    void aNameThatIsTooLongIsCutBetweenTwoCharacters() throws IOException {
        String unreadable = "\ufffd".repeat(86);
        String pairs = "a" + "\ud83d\ude00".repeat(64);
        Headers headers = arrived(deadLetter(Headers.builder()
                        .add(unreadable, "1")
                        .add(unreadable + "b", "2")
                        .add(pairs, "3")))
                .headers();
        assertThat(names(headers))
                .containsExactly(unreadable.substring(1), unreadable.substring(1), "a" + "\ud83d\ude00".repeat(63));
        assertThat(headers.all(unreadable.substring(1)))
                .as("neither takes the other's place")
                .containsExactly("1".getBytes(UTF_8), "2".getBytes(UTF_8));
    }

    @Test
    void aValueThatCannotBeEncodedIsItsText() throws IOException {
        byte[] text = "its text".getBytes(UTF_8);
        Headers headers = arrived(deadLetter(Headers.builder()
                        .addTyped("name", text, Collections.singletonMap("\ufffd".repeat(86), "v"))
                        .addTyped("number", text, new BigDecimal("1e300"))
                        .addTyped("kept", "7".getBytes(UTF_8), 7)))
                .headers();
        assertThat(headers.text("name")).isEqualTo("its text");
        assertThat(headers.raw("name")).isNull();
        assertThat(headers.text("number")).isEqualTo("its text");
        assertThat(headers.raw("kept")).isEqualTo(7);
    }

    @Test
    void aValueThatNoJavaClientCouldReadIsItsText() throws IOException {
        Object deepest = "v";
        for (int i = 0; i < 32; i++) {
            deepest = Collections.singletonList(deepest);
        }
        byte[] text = "its text".getBytes(UTF_8);
        Headers headers = arrived(deadLetter(Headers.builder()
                        .addTyped("deepest", text, deepest)
                        .addTyped("deeper", text, Collections.singletonList(deepest))
                        .addTyped("twice", text, deepest)
                        .addTyped("twice", text, deepest)))
                .headers();
        assertThat(headers.raw("deepest")).isEqualTo(deepest);
        assertThat(headers.raw("deeper")).isNull();
        assertThat(headers.text("deeper")).isEqualTo("its text");
        assertThat(headers.raw("twice")).isNull();
        assertThat(headers.all("twice")).containsExactly(text, text);
    }
}
