package io.microservicekit.messaging.rabbitmq.internal.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.impl.AMQBasicProperties;
import com.rabbitmq.client.impl.AMQCommand;
import com.rabbitmq.client.impl.LongStringHelper;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.ProducerHeaders;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@SuppressWarnings("JavaUtilDate") // the driver's type of times
class AmqpMessagesTest {
    private static final long NOW = 1_700_000_000_123L;

    @Test
    void aMessageComesBackAsItWasSent() throws IOException {
        Message message = Message.builder("orders")
                .keyText("k")
                .valueText("v")
                .header("b", "1")
                .header("a", "2")
                .header("b", "3")
                .timestamp(Instant.ofEpochMilli(NOW))
                .build();
        assertThat(roundTrip(message)).isEqualTo(message);
    }

    @Test
    void nullAndEmptyAreToldApart() throws IOException {
        Message nulls = Message.builder("t").build();
        Message empty = Message.builder("t").key(new byte[0]).value(new byte[0]).build();
        assertThat(roundTrip(nulls).key()).isNull();
        assertThat(roundTrip(nulls).value()).isNull();
        assertThat(roundTrip(empty).key()).isEmpty();
        assertThat(roundTrip(empty).value()).isEmpty();
    }

    @Test
    void headersKeepNullsBytesRepetitionAndOrder() throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 500; round++) {
            Message.Builder message = Message.builder("t").timestamp(Instant.ofEpochMilli(NOW));
            var headers = Headers.builder();
            for (int i = random.nextInt(6); i > 0; i--) {
                headers.add("h" + random.nextInt(4), value(random));
            }
            Message sent = message.headers(headers.build()).build();
            assertThat(roundTrip(sent).headers()).as("round %d", round).isEqualTo(sent.headers());
        }
    }

    private static byte @Nullable [] value(SplittableRandom random) {
        if (random.nextInt(5) == 0) {
            return null;
        }
        byte[] value = new byte[random.nextInt(4)];
        random.nextBytes(value);
        return value;
    }

    @Test
    void ourIdIsThePropertyOfThatName() throws IOException {
        Message message =
                Message.builder("t").header(ProducerHeaders.MESSAGE_ID, "0af7").build();
        AMQP.BasicProperties properties = AmqpMessages.write(message, true, null, NOW);
        assertThat(properties.getMessageId()).isEqualTo("0af7");
        assertThat(properties.getHeaders()).doesNotContainKey(ProducerHeaders.MESSAGE_ID);
        assertThat(roundTrip(message).headers().text(ProducerHeaders.MESSAGE_ID))
                .isEqualTo("0af7");
        assertThat(roundTrip(message).key()).isNull();
    }

    /** Properties are text of at most 255 bytes; what is none stays a header and comes back as it was. */
    @Test
    void whatIsNoShortTextIsNoProperty() throws IOException {
        List<byte[]> values = List.of(
                new byte[] {-1, 0, -2},
                new byte[] {'a', (byte) 0xc3},
                "é".repeat(128).getBytes(UTF_8));
        for (String name : List.of(
                ProducerHeaders.MESSAGE_ID,
                "amqp-content-type",
                "amqp-content-encoding",
                "amqp-correlation-id",
                "amqp-reply-to",
                "amqp-type",
                "amqp-app-id",
                "amqp-priority")) {
            for (byte[] value : values) {
                Message message = Message.builder("t")
                        .headers(Headers.builder().add(name, value).build())
                        .build();
                assertThat(AmqpMessages.write(message, true, null, NOW).getHeaders())
                        .containsKey(name);
                assertThat(roundTrip(message).headers().bytes(name)).isEqualTo(value);
            }
        }
    }

    /** The broker closes the channel of whoever sends it as a property. */
    @Test
    void thePseudoQueueOfDirectRepliesIsNoProperty() throws IOException {
        for (String name : List.of("amq.rabbitmq.reply-to", "amq.rabbitmq.reply-to.g1h2")) {
            Message message = Message.builder("t").header("amqp-reply-to", name).build();
            assertThat(AmqpMessages.write(message, true, null, NOW).getReplyTo())
                    .isNull();
            assertThat(roundTrip(message).headers().text("amqp-reply-to")).isEqualTo(name);
        }
        Message answers =
                Message.builder("t").header("amqp-reply-to", "answers").build();
        assertThat(AmqpMessages.write(answers, true, null, NOW).getReplyTo()).isEqualTo("answers");
    }

    @Test
    void theIdOfAForeignMessageIsItsKeyAsTheGoLibraryWritesIt() {
        AMQP.BasicProperties go =
                new AMQP.BasicProperties.Builder().messageId("order-1").build();
        assertThat(AmqpMessages.read("t", go, new byte[0]).keyText()).isEqualTo("order-1");
    }

    @Test
    void namesOfOursMeanNothingOfOursInAForeignMessageButTheKey() {
        Map<String, Object> table = new TreeMap<>(Map.of(
                "x-timestamp", 1_700_000_000L,
                "x-null-value", "1",
                "x-header-names", List.of("b", "a"),
                "x-publish-seq", "1-1",
                "x-message-key", "k",
                "amqp-type", "theirs"));
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .headers(table)
                .messageId("id-7")
                .type("property")
                .timestamp(new Date(1_700_000_000_000L))
                .build();

        Message read = AmqpMessages.read("t", properties, new byte[0]);

        assertThat(read.keyText()).isEqualTo("k");
        assertThat(read.value()).isEmpty();
        assertThat(read.timestampMillis(-1)).isEqualTo(1_700_000_000_000L);
        assertThat(read.headers().raw("x-timestamp")).isEqualTo(1_700_000_000L);
        assertThat(read.headers().text("x-null-value")).isEqualTo("1");
        assertThat(read.headers().raw("x-header-names")).isEqualTo(List.of("b", "a"));
        assertThat(read.headers().text("x-publish-seq")).isEqualTo("1-1");
        assertThat(read.headers().text("x-message-id")).isEqualTo("id-7");
        assertThat(read.headers().text("amqp-type")).isEqualTo("theirs");
        assertThat(read.headers().text("x-message-key")).isNull();
    }

    @Test
    void whatWeWriteIsTextForOtherClients() {
        Message message = Message.builder("t").keyText("k").header("text", "é").build();
        Map<String, Object> table =
                AmqpMessages.write(message, true, "1-7", NOW).getHeaders();
        assertThat(table.get("text")).hasToString("é");
        assertThat(table.get("x-message-key")).hasToString("k");
        assertThat(table).containsEntry("x-messaging", "1").containsEntry("x-publish-seq", "1-7");
        assertThat(table).containsEntry("x-timestamp", NOW);
    }

    @Test
    void durabilityIsTheDeliveryMode() {
        Message message = Message.builder("t").build();
        assertThat(AmqpMessages.write(message, true, null, NOW).getDeliveryMode())
                .isEqualTo(2);
        assertThat(AmqpMessages.write(message, false, null, NOW).getDeliveryMode())
                .isEqualTo(1);
    }

    @Test
    void headersOfEveryTypeAreCanonicalTextAndKeepTheirRawForm() throws IOException {
        Message read = AmqpMessages.read("t", overTheWire(foreign()), "v".getBytes(UTF_8));
        assertThat(read.headers().text("int")).isEqualTo("42");
        assertThat(read.headers().raw("int")).isEqualTo(42);
        assertThat(read.headers().text("long")).isEqualTo("42");
        assertThat(read.headers().raw("long")).isEqualTo(42L);
        assertThat(read.headers().text("decimal")).isEqualTo("1.50");
        assertThat(read.headers().text("flag")).isEqualTo("true");
        assertThat(read.headers().text("date")).isEqualTo("2023-11-14T22:13:20Z");
        assertThat(read.headers().text("list")).isEqualTo("[\"a\",1,null]");
        assertThat(read.headers().text("table")).isEqualTo("{\"a\":\"b\",\"z\":[true]}");
        assertThat(read.headers().text("text")).isEqualTo("x");
        assertThat(read.headers().raw("text")).isNull();
        assertThat(read.headers().contains("void")).isTrue();
        assertThat(read.headers().bytes("void")).isNull();
        assertThat(read.headers().bytes("bytes")).containsExactly(-1, 0);
        assertThat(read.headers().text("amqp-content-type")).isEqualTo("text/plain");
        assertThat(read.headers().text("amqp-priority")).isEqualTo("7");
    }

    @Test
    void aForeignMessageThatIsSentOnHasItsTypesAgain() throws IOException {
        Message read = AmqpMessages.read("t", overTheWire(foreign()), new byte[0]);
        AMQP.BasicProperties again = overTheWire(AmqpMessages.write(read, true, null, NOW));
        Map<String, Object> table = again.getHeaders();
        assertThat(table.get("int")).isEqualTo(42);
        assertThat(table.get("long")).isEqualTo(42L);
        assertThat(table.get("date")).isEqualTo(new Date(1_700_000_000_000L));
        assertThat(table.get("list")).asString().contains("a", "1", "null");
        assertThat(again.getContentType()).isEqualTo("text/plain");
        assertThat(again.getPriority()).isEqualTo(7);
        assertThat(again.getExpiration()).isNull();
        assertThat(AmqpMessages.read("t", again, new byte[0]).headers().raw("list"))
                .isEqualTo(Arrays.asList("a", 1, null));
    }

    private static AMQP.BasicProperties foreign() {
        Map<String, Object> table = new HashMap<>();
        table.put("int", 42);
        table.put("long", 42L);
        table.put("decimal", new BigDecimal("1.50"));
        table.put("flag", true);
        table.put("date", new Date(1_700_000_000_000L));
        table.put("list", Arrays.asList("a", 1, null));
        table.put("table", Map.of("z", List.of(true), "a", "b"));
        table.put("text", LongStringHelper.asLongString("x"));
        table.put("void", null);
        table.put("bytes", new byte[] {-1, 0});
        return new AMQP.BasicProperties.Builder()
                .headers(table)
                .contentType("text/plain")
                .priority(7)
                .expiration("60000")
                .build();
    }

    private static Message roundTrip(Message message) throws IOException {
        AMQP.BasicProperties properties = overTheWire(AmqpMessages.write(message, true, null, NOW));
        return AmqpMessages.read(message.topic(), properties, AmqpMessages.body(message));
    }

    /** Written and read by the driver. */
    private static AMQP.BasicProperties overTheWire(AMQBasicProperties properties) throws IOException {
        byte[] payload = properties.toFrame(1, 0).getPayload();
        assertThat(AMQCommand.EMPTY_FRAME_SIZE).isPositive();
        return (AMQP.BasicProperties) com.rabbitmq.client.impl.AMQImpl.readContentHeaderFrom(
                new java.io.DataInputStream(new java.io.ByteArrayInputStream(payload)));
    }
}
