package io.microservicekit.messaging.it.rabbitmq;

import static io.microservicekit.messaging.it.Within.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.GetResponse;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.ConsumerOptionsBuilder;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Within;
import io.microservicekit.messaging.rabbitmq.ExchangeType;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptionsBuilder;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A message that no handler can handle ends in the dead-letter queue once, whatever the exchange, and never comes back to its source. */
@ExtendWith(RabbitMqServerExtension.class)
class PoisonIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration ALL_WAITS = Duration.ofSeconds(7);
    private static final Duration TOLERANCE = Duration.ofSeconds(1);
    private static final String POISON = "poison";
    private static final String GOOD = "good";

    private final RabbitMqServer server;
    private final String group = RawRabbitMq.name("orders");
    private final String topic = RawRabbitMq.name("order.created");
    private final String deadLetters = RawRabbitMq.name("orders-dead");
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final List<Long> failed = new CopyOnWriteArrayList<>();
    private final MessageHandler handler = message -> {
        if (POISON.equals(message.valueText())) {
            failed.add(System.nanoTime());
            throw new IllegalStateException("no stock");
        }
        handled.add(message.valueText());
    };

    PoisonIT(RabbitMqServer server) {
        this.server = server;
    }

    private MessagingClient open(RabbitMqOptionsBuilder options) {
        return MessagingClients.builder()
                .backend(options.url(server.url()).build())
                .build();
    }

    private void consume(MessagingClient client, ConsumerOptionsBuilder options) {
        client.consumer(group, options.deadLetterQueue(deadLetters).build())
                .subscribe(topic, handler)
                .awaitReady(PATIENCE);
    }

    private Message message(String value) {
        return Message.builder(topic)
                .keyText("key")
                .valueText(value)
                .header("region", "eu")
                .build();
    }

    @ParameterizedTest
    @EnumSource(ExchangeType.class)
    void aPoisonMessageEndsOnceInTheDeadLetterQueueAndNeverAgainInTheSource(ExchangeType type) {
        RabbitMqOptionsBuilder options =
                RabbitMqOptions.builder().exchange(RawRabbitMq.name("exchange")).exchangeType(type);
        if (type == ExchangeType.HEADERS) {
            options.bindingArgument("region", "eu");
        }
        try (MessagingClient client = open(options)) {
            consume(client, ConsumerOptions.builder());
            MessageProducer producer = client.producer();
            for (String value : List.of(GOOD, POISON, GOOD)) {
                producer.send(message(value));
            }

            await("drained").atMost(PATIENCE).until(() -> handled.size() == 2 && isDrained());
            await("nothing comes back")
                    .during(Duration.ofSeconds(1))
                    .atMost(PATIENCE)
                    .until(() -> failed.size() == 1 && isDrained());
        }
        List<GetResponse> dead = takeAll(deadLetters);
        assertThat(dead).hasSize(1);
        assertThat(dead.get(0).getEnvelope().getExchange())
                .as("the default exchange")
                .isEmpty();
        assertThat(new String(dead.get(0).getBody(), StandardCharsets.UTF_8)).isEqualTo(POISON);
    }

    private boolean isDrained() {
        return RawRabbitMq.isDrained(server, group);
    }

    private List<GetResponse> takeAll(String queue) {
        return RawRabbitMq.on(server, channel -> {
            List<GetResponse> all = new java.util.ArrayList<>();
            for (GetResponse each = channel.basicGet(queue, true); each != null; each = channel.basicGet(queue, true)) {
                all.add(each);
            }
            return all;
        });
    }

    @Test
    void theSeedsRetryWaitsOneTwoAndFourSecondsAndThenTheDeadLetterTellsItsOriginByFiveHeaders() throws Exception {
        Map<String, Object> headers;
        try (MessagingClient client = open(RabbitMqOptions.builder())) {
            consume(client, ConsumerOptions.builder().retry(RetryPolicy.exponential(3, Duration.ofSeconds(1))));
            headers = within(ALL_WAITS.plus(TOLERANCE), watch -> retried(client, watch));
        }
        assertThat(text(headers, "x-original-topic")).isEqualTo(topic);
        assertThat(text(headers, "x-original-partition")).isEqualTo("-1");
        assertThat(text(headers, "x-original-offset")).isEqualTo("-1");
        assertThat(text(headers, "x-error-message")).isEqualTo("no stock");
        assertThat(text(headers, "x-consumer-group")).isEqualTo(group);
        assertThat(text(headers, "region")).isEqualTo("eu");
        assertThat(text(headers, "x-message-key")).isEqualTo("key");
    }

    /** The waits are at least so long, and all together not much longer. */
    private Map<String, Object> retried(MessagingClient client, Within.Watch watch) throws Exception {
        failed.clear();
        client.producer().send(message(POISON));
        watch.time(() -> {
            await("four calls").atMost(PATIENCE).until(() -> failed.size() == 4);
            return failed;
        });
        for (int retry = 0; retry < 3; retry++) {
            assertThat(Duration.ofNanos(failed.get(retry + 1) - failed.get(retry)))
                    .as("wait before retry %s", retry + 1)
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(1L << retry));
        }
        await("the dead letter")
                .atMost(PATIENCE)
                .until(() -> RawRabbitMq.queue(server, deadLetters).ready() == 1 && isDrained());
        assertThat(failed).hasSize(4);
        return takeAll(deadLetters).get(0).getProps().getHeaders();
    }

    /** A send refuses such headers; a dead letter that were refused for them would block its queue for ever. */
    @Test
    void aForeignMessageWithHeadersThatASendRefusesEndsInTheDeadLetterQueueToo() {
        Map<String, Object> foreign = new LinkedHashMap<>();
        foreign.put("CC", List.of(RawRabbitMq.name("elsewhere")));
        foreign.put("bcc", "someone");
        foreign.put("region", "eu");
        try (MessagingClient client = open(RabbitMqOptions.builder())) {
            consume(client, ConsumerOptions.builder());
            RawRabbitMq.on(server, channel -> {
                channel.basicPublish(
                        "amq.topic",
                        topic,
                        new AMQP.BasicProperties.Builder().headers(foreign).build(),
                        POISON.getBytes(StandardCharsets.UTF_8));
                return channel;
            });
            await("the dead letter")
                    .atMost(PATIENCE)
                    .until(() -> RawRabbitMq.queue(server, deadLetters).ready() == 1 && isDrained());
        }
        Map<String, Object> headers = takeAll(deadLetters).get(0).getProps().getHeaders();
        assertThat(headers).doesNotContainKeys("CC", "bcc");
        assertThat(headers.get("x-original-CC"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(1);
        assertThat(text(headers, "x-original-bcc")).isEqualTo("someone");
        assertThat(text(headers, "region")).isEqualTo("eu");
    }

    /** Legal at the usual frame of 131,072 B, and more than a send may have; with those of a dead letter they fill more than a frame. */
    @Test
    void aForeignMessageWhoseHeadersFillAFrameEndsInTheDeadLetterQueueToo() {
        Map<String, Object> foreign = new LinkedHashMap<>();
        foreign.put("large", "x".repeat(10_000));
        foreign.put("larger", "x".repeat(120_500));
        foreign.put("region", "eu");
        try (MessagingClient client = open(RabbitMqOptions.builder())) {
            consume(client, ConsumerOptions.builder());
            RawRabbitMq.on(server, channel -> {
                channel.basicPublish(
                        "amq.topic",
                        topic,
                        new AMQP.BasicProperties.Builder().headers(foreign).build(),
                        POISON.getBytes(StandardCharsets.UTF_8));
                return channel;
            });
            await("the dead letter")
                    .atMost(PATIENCE)
                    .until(() -> RawRabbitMq.queue(server, deadLetters).ready() == 1 && isDrained());
        }
        Map<String, Object> headers = takeAll(deadLetters).get(0).getProps().getHeaders();
        assertThat(text(headers, "x-dropped-headers")).isEqualTo("larger");
        assertThat(text(headers, "large")).hasSize(10_000);
        assertThat(text(headers, "x-original-topic")).isEqualTo(topic);
    }

    private static String text(Map<String, Object> headers, String name) {
        return Objects.requireNonNull(headers.get(name), name).toString();
    }
}
