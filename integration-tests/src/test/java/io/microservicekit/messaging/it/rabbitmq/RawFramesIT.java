package io.microservicekit.messaging.it.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.it.rabbitmq.RawFrames.Bytes;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages of a client that shares no code with this one, with a header of each type that the protocol has, and ours read by it. */
@ExtendWith(RabbitMqServerExtension.class)
class RawFramesIT {
    private static final Instant NINE = Instant.parse("2026-01-01T09:00:00Z");

    private final RabbitMqServer server;
    private final String topic = RawRabbitMq.name("raw");
    private final OursAmongOthers ours;

    RawFramesIT(RabbitMqServer server) {
        this.server = server;
        this.ours = new OursAmongOthers(server, topic);
    }

    private static Bytes everyType() {
        return new Bytes()
                .bytes(numbers().array())
                .field("flag", 't')
                .number(1, 1)
                .field("decimal", 'D')
                .number(2, 1)
                .number(1250, 4)
                .field("text", 'S')
                .text("grün")
                .field("time", 'T')
                .number(NINE.getEpochSecond(), 8)
                .field("list", 'A')
                .block(new Bytes()
                        .number('I', 1)
                        .number(1, 4)
                        .number('S', 1)
                        .text("two")
                        .number('V', 1)
                        .array())
                .field("table", 'F')
                .block(new Bytes().field("a", 's').number(-7, 2).array())
                .field("nothing", 'V')
                .field("bytes", 'x')
                .block(OursAmongOthers.BINARY);
    }

    /** Those without a sign are larger than one with a sign could be. */
    private static Bytes numbers() {
        return new Bytes()
                .field("byte", 'b')
                .number(-3, 1)
                .field("unsigned-byte", 'B')
                .number(200, 1)
                .field("short", 's')
                .number(-300, 2)
                .field("unsigned-short", 'u')
                .number(60_000, 2)
                .field("int", 'I')
                .number(-70_000, 4)
                .field("unsigned-int", 'i')
                .number(4_000_000_000L, 4)
                .field("long", 'l')
                .number(-5_000_000_000L, 8)
                .field("float", 'f')
                .number(Float.floatToIntBits(0.5f), 4)
                .field("double", 'd')
                .number(Double.doubleToLongBits(-0.25), 8);
    }

    @Test
    void everyTypeOfHeaderOfTheProtocolIsHandledAndNothingIsLost() throws Exception {
        List<ReceivedMessage> received;
        try (RawFrames other = RawFrames.open(server)) {
            received = ours.received(1, () -> other.publish(topic, everyType(), "{}".getBytes(StandardCharsets.UTF_8)));
        }
        assertThat(received.get(0).valueText()).isEqualTo("{}");
        Headers headers = received.get(0).headers();
        texts().forEach((name, text) -> assertThat(headers.text(name)).as(name).isEqualTo(text));
        raws().forEach((name, raw) -> assertThat(headers.raw(name)).as(name).isEqualTo(raw));
        OursAmongOthers.assertBytesAndNothing(headers);
        assertThat(headers.size()).isEqualTo(texts().size() + 2);
    }

    private static Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("byte", "-3");
        texts.put("unsigned-byte", "200");
        texts.put("short", "-300");
        texts.put("unsigned-short", "60000");
        texts.put("int", "-70000");
        texts.put("unsigned-int", "4000000000");
        texts.put("long", "-5000000000");
        texts.put("float", "0.5");
        texts.put("double", "-0.25");
        texts.put("flag", "true");
        texts.put("decimal", "12.50");
        texts.put("text", "grün");
        texts.put("time", "2026-01-01T09:00:00Z");
        texts.put("list", "[1,\"two\",null]");
        texts.put("table", "{\"a\":-7}");
        return texts;
    }

    private static Map<String, Object> raws() {
        Map<String, Object> raws = new LinkedHashMap<>();
        raws.put("byte", (byte) -3);
        raws.put("unsigned-byte", 200);
        raws.put("short", (short) -300);
        raws.put("unsigned-short", 60_000);
        raws.put("int", -70_000);
        raws.put("unsigned-int", 4_000_000_000L);
        raws.put("long", -5_000_000_000L);
        raws.put("float", 0.5f);
        raws.put("double", -0.25);
        raws.put("flag", true);
        raws.put("decimal", new BigDecimal("12.50"));
        raws.put("time", NINE);
        raws.put("list", Arrays.asList(1, "two", null));
        raws.put("table", Map.of("a", (short) -7));
        return raws;
    }

    @Test
    void aMessageOfOursIsReadFromItsFrames() throws Exception {
        ours.send(ours.message().build());
        try (RawFrames other = RawFrames.open(server)) {
            RawFrames.Got got = other.get(topic);

            assertThat(got.body()).isEqualTo("0100ff");
            assertThat(got.mode()).as("persistent").isEqualTo(2);
            assertThat(got.headers())
                    .containsEntry("tenant", text("grün"))
                    .containsEntry("binary", RawFrames.field('x', OursAmongOthers.BINARY))
                    .containsEntry("x-message-key", text("order-123"));
        }
    }

    private static String text(String text) {
        return RawFrames.field('S', text.getBytes(StandardCharsets.UTF_8));
    }
}
