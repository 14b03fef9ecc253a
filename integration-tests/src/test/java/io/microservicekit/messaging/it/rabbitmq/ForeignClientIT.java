package io.microservicekit.messaging.it.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.impl.LongStringHelper;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages of other AMQP clients, with whatever they put into them, and ours in their hands. */
@ExtendWith(RabbitMqServerExtension.class)
class ForeignClientIT {
    private static final Instant NINE = Instant.parse("2026-01-01T09:00:00Z");

    private final RabbitMqServer server;
    private final String topic = RawRabbitMq.name("foreign");
    private final OursAmongOthers ours;

    ForeignClientIT(RabbitMqServer server) {
        this.server = server;
        this.ours = new OursAmongOthers(server, topic);
    }

    private static Map<String, Object> everyType() {
        Map<String, Object> headers = new LinkedHashMap<>();
        headers.put("flag", true);
        headers.put("byte", (byte) -3);
        headers.put("short", (short) 300);
        headers.put("int", 70_000);
        headers.put("long", 5_000_000_000L);
        headers.put("float", 0.5f);
        headers.put("double", -0.25d);
        headers.put("decimal", new BigDecimal("12.50"));
        headers.put("text", "grün");
        headers.put("long-text", LongStringHelper.asLongString("text"));
        headers.put("bytes", OursAmongOthers.BINARY);
        headers.put("time", Date.from(NINE));
        headers.put("list", Arrays.asList(1, "two", null));
        headers.put("table", new TreeMap<>(Map.of("a", 1, "b", List.of(true))));
        headers.put("nothing", null);
        return headers;
    }

    @Test
    void everyTypeOfHeaderOfAnotherClientIsHandledAndNothingIsLost() throws Exception {
        List<ReceivedMessage> received = ours.received(2, () -> {
            AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                    .headers(everyType())
                    .messageId("id-7")
                    .contentType("application/json")
                    .correlationId("c-1")
                    .timestamp(Date.from(NINE))
                    .build();
            publish(properties, "{}".getBytes(StandardCharsets.UTF_8));
            publish(null, new byte[0]);
        });
        ReceivedMessage message = received.get(0);
        assertThat(message.topic()).isEqualTo(topic);
        assertThat(message.valueText()).isEqualTo("{}");
        assertThat(message.keyText()).as("the Go library's key").isEqualTo("id-7");
        assertThat(message.message().timestampMillis(-1)).isEqualTo(NINE.toEpochMilli());
        texts(message.headers());
        raw(message.headers());
        ReceivedMessage empty = received.get(1);
        assertThat(empty.value()).isEmpty();
        assertThat(empty.key()).isNull();
        assertThat(empty.headers().size()).isZero();
    }

    private void publish(AMQP.BasicProperties properties, byte[] body) {
        RawRabbitMq.on(server, channel -> {
            channel.basicPublish("amq.topic", topic, properties, body);
            return body;
        });
    }

    private static void texts(Headers headers) {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("flag", "true");
        expected.put("byte", "-3");
        expected.put("short", "300");
        expected.put("int", "70000");
        expected.put("long", "5000000000");
        expected.put("float", "0.5");
        expected.put("double", "-0.25");
        expected.put("decimal", "12.50");
        expected.put("text", "grün");
        expected.put("long-text", "text");
        expected.put("time", "2026-01-01T09:00:00Z");
        expected.put("list", "[1,\"two\",null]");
        expected.put("table", "{\"a\":1,\"b\":[true]}");
        expected.put("amqp-content-type", "application/json");
        expected.put("amqp-correlation-id", "c-1");
        expected.forEach((name, text) -> assertThat(headers.text(name)).as(name).isEqualTo(text));
        OursAmongOthers.assertBytesAndNothing(headers);
    }

    private static void raw(Headers headers) {
        assertThat(headers.raw("flag")).isEqualTo(true);
        assertThat(headers.raw("long")).isEqualTo(5_000_000_000L);
        assertThat(headers.raw("decimal")).isEqualTo(new BigDecimal("12.50"));
        assertThat(headers.raw("time")).isEqualTo(NINE);
        assertThat(headers.raw("list")).isEqualTo(Arrays.asList(1, "two", null));
        assertThat(headers.raw("table")).isEqualTo(Map.of("a", 1, "b", List.of(true)));
    }

    @Test
    void aPlainClientReadsOurMessagesUnchanged() {
        ours.send(ours.message().timestamp(NINE.plusMillis(123)).build());
        GetResponse read = RawRabbitMq.on(server, channel -> channel.basicGet(topic, true));
        assertThat(read.getBody()).isEqualTo(new byte[] {1, 0, -1});
        assertThat(read.getEnvelope().getRoutingKey()).isEqualTo(topic);
        AMQP.BasicProperties properties = read.getProps();
        assertThat(properties.getDeliveryMode()).as("persistent").isEqualTo(2);
        assertThat(properties.getTimestamp()).isEqualTo(Date.from(NINE));
        Map<String, Object> headers = properties.getHeaders();
        assertThat(headers.get("tenant")).hasToString("grün");
        assertThat(headers.get("binary")).isEqualTo(OursAmongOthers.BINARY);
        assertThat(headers.get("x-message-key")).hasToString("order-123");
        assertThat(headers.get("x-messaging")).hasToString("1");
        assertThat(headers.get("x-timestamp")).isEqualTo(NINE.plusMillis(123).toEpochMilli());
    }
}
