package io.microservicekit.messaging.it.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.GetResponse;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.ExhaustedPolicy;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.core.MessagingConfig;
import io.microservicekit.messaging.it.scenario.Gate;
import io.microservicekit.messaging.it.scenario.HandlerWork;
import io.microservicekit.messaging.testkit.junit.RabbitMqOperator;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The sample of the Go library's README, with its keys and names, and what each of its options does at the broker. */
@ExtendWith(RabbitMqServerExtension.class)
class SeedSampleIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String EXCHANGE = "orders";
    private static final String TOPIC = "order.created";
    private static final String GROUP = "order-service";
    private static final String DEAD_LETTERS = "order-service-dead";
    private static final int PREFETCH = 10;

    private final RabbitMqServer server;

    SeedSampleIT(RabbitMqServer server) {
        this.server = server;
    }

    /** The names are the sample's: of an earlier test nothing may be left. */
    @BeforeEach
    void deleteAll() {
        RawRabbitMq.on(server, channel -> {
            channel.queueDelete(GROUP);
            channel.queueDelete(DEAD_LETTERS);
            return channel.exchangeDelete(EXCHANGE);
        });
    }

    /** The sample's configuration, with some of its values changed. */
    private MessagingClientBuilder configured(Map<String, ?> changed) {
        Map<String, Object> rabbitmq = new LinkedHashMap<>();
        rabbitmq.put("exchange", EXCHANGE);
        rabbitmq.put("exchange_type", "direct");
        rabbitmq.put("durable", true);
        rabbitmq.put("auto_ack", false);
        rabbitmq.put("prefetch_count", PREFETCH);
        rabbitmq.put("confirm", true);
        rabbitmq.putAll(changed);
        return MessagingClients.builder()
                .config(MessagingConfig.from(Map.of("type", "rabbitmq", "url", server.url(), "rabbitmq", rabbitmq)));
    }

    private static Message order(String value) {
        return Message.builder(TOPIC).keyText("order-123").valueText(value).build();
    }

    private RabbitMqOperator.Queue queue() {
        return RawRabbitMq.queue(server, GROUP);
    }

    private boolean isDrained() {
        return RawRabbitMq.isDrained(server, GROUP);
    }

    @Test
    void theSeedsSampleRunsAsItIsAndDeadLettersWhatItCannotHandle() {
        List<String> received = new CopyOnWriteArrayList<>();
        ConsumerOptions options = ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(1, Duration.ofMillis(50)))
                .deadLetterQueue(DEAD_LETTERS)
                .build();
        try (MessageConsumer consumer = configured(Map.of()).openConsumer(GROUP, options);
                MessageProducer producer = configured(Map.of()).openProducer()) {
            consumer.subscribe(TOPIC, message -> {
                        received.add(message.keyText() + " " + message.valueText());
                        if ("{}".equals(message.valueText())) {
                            throw new IllegalArgumentException("an order without an id");
                        }
                    })
                    .awaitReady(PATIENCE);

            SendResult result = producer.send(order("{\"id\":\"123\"}"));
            producer.send(order("{}"));

            assertThat(result.confirmed()).isTrue();
            assertThat(result.routed()).isTrue();
            await("handled, dead-lettered and acknowledged")
                    .atMost(PATIENCE)
                    .until(() -> received.size() == 3
                            && RawRabbitMq.queue(server, DEAD_LETTERS).ready() == 1
                            && isDrained());
        }
        assertThat(received).containsExactly("order-123 {\"id\":\"123\"}", "order-123 {}", "order-123 {}");
        isDurable(true);
    }

    /** A declaration that differs is refused, which tells what is there. */
    private void isDurable(boolean durable) {
        RawRabbitMq.on(server, channel -> channel.queueDeclare(GROUP, durable, false, false, Map.of()));
        RawRabbitMq.on(server, channel -> channel.exchangeDeclare(EXCHANGE, "direct", durable));
        assertThatThrownBy(() -> RawRabbitMq.on(
                        server, channel -> channel.queueDeclare(GROUP, !durable, false, false, Map.of())))
                .hasStackTraceContaining("inequivalent arg 'durable'");
        assertThatThrownBy(
                        () -> RawRabbitMq.on(server, channel -> channel.exchangeDeclare(EXCHANGE, "direct", !durable)))
                .hasStackTraceContaining("inequivalent arg 'durable'");
    }

    @Test
    void noMoreThanThePrefetchCountIsUnacknowledgedAtTheBroker() {
        AtomicInteger handled = new AtomicInteger();
        Gate gate = new Gate(message -> {
            HandlerWork.taking(Duration.ofMillis(2)).handle(message);
            handled.incrementAndGet();
        });
        gate.close();
        long most = 0;
        try (MessageConsumer consumer = configured(Map.of()).openConsumer(GROUP);
                MessageProducer producer = configured(Map.of()).openProducer()) {
            consumer.subscribe(TOPIC, gate).awaitReady(PATIENCE);
            for (int i = 0; i < 300; i++) {
                producer.send(order("{}"));
            }
            await("a full window").atMost(PATIENCE).until(() -> queue().unacknowledged() == PREFETCH);
            gate.open();
            while (handled.get() < 300) {
                most = Math.max(most, queue().unacknowledged());
            }
            await("drained").atMost(PATIENCE).until(this::isDrained);
        } finally {
            gate.open();
        }
        assertThat(most).as("unacknowledged at once").isLessThanOrEqualTo(PREFETCH);
    }

    @Test
    void withAutoAckTheBrokerForgetsAMessageOnceItIsSent() {
        ConsumerOptions discarding =
                ConsumerOptions.builder().exhausted(ExhaustedPolicy.DISCARD).build();
        Gate gate = new Gate(message -> {});
        gate.close();
        try (MessageConsumer consumer = configured(Map.of("auto_ack", true)).openConsumer(GROUP, discarding);
                MessageProducer producer = configured(Map.of()).openProducer()) {
            consumer.subscribe(TOPIC, gate).awaitReady(PATIENCE);
            producer.send(order("{}"));
            await("a running handler").atMost(PATIENCE).until(() -> gate.held() == 1);
            assertThat(queue().ready()).isZero();
            assertThat(queue().unacknowledged()).isZero();
            gate.open();
        } finally {
            gate.open();
        }
        assertThat(isDrained()).isTrue();
    }

    @Test
    void autoAckIsRefusedToAConsumerThatPromisesMoreThanToDiscard() {
        ConsumerOptions discarding =
                ConsumerOptions.builder().exhausted(ExhaustedPolicy.DISCARD).build();
        ConsumerOptions retrying = ConsumerOptions.builder()
                .exhausted(ExhaustedPolicy.DISCARD)
                .retry(RetryPolicy.exponential(1, Duration.ofSeconds(1)))
                .build();
        ConsumerOptions deadLetters =
                ConsumerOptions.builder().deadLetterQueue(DEAD_LETTERS).build();
        for (ConsumerOptions refused : List.of(ConsumerOptions.defaults(), retrying, deadLetters)) {
            try (MessageConsumer consumer = configured(Map.of("auto_ack", true)).openConsumer(GROUP, refused)) {
                assertThatThrownBy(() -> consumer.subscribe(TOPIC, message -> {}))
                        .isInstanceOfSatisfying(
                                InvalidConfigurationException.class,
                                error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
                        .hasMessageContaining("autoAck(true) contradicts")
                        .hasMessageContaining("DISCARD");
            }
        }
        try (MessageConsumer consumer = configured(Map.of("auto_ack", true)).openConsumer(GROUP, discarding)) {
            consumer.subscribe(TOPIC, message -> {}).awaitReady(PATIENCE);
        }
    }

    @Test
    void withoutDurableNothingIsWrittenToTheBrokersDisk() {
        Map<String, ?> transientOnly = Map.of("durable", false);
        try (MessageConsumer consumer = configured(transientOnly).openConsumer(GROUP)) {
            consumer.subscribe(TOPIC, message -> {}).awaitReady(PATIENCE);
        }
        try (MessageProducer producer = configured(transientOnly).openProducer()) {
            producer.send(order("{}"));
        }

        isDurable(false);
        assertThat(taken().getProps().getDeliveryMode()).as("not persistent").isEqualTo(1);
    }

    private GetResponse taken() {
        return RawRabbitMq.on(server, channel -> channel.basicGet(GROUP, true));
    }

    @Test
    void withoutConfirmTheBrokerConfirmsNothingAndTheResultSaysSoAndTheBrokerSeesOurNames() {
        Map<String, ?> unconfirmed = Map.of("confirm", false);
        List<String> received = new CopyOnWriteArrayList<>();
        try (MessageConsumer consumer =
                        configured(unconfirmed).clientId("sample-c").openConsumer(GROUP);
                MessageProducer producer =
                        configured(unconfirmed).clientId("sample-p").openProducer()) {
            consumer.subscribe(TOPIC, message -> received.add(message.valueText()))
                    .awaitReady(PATIENCE);

            assertThat(producer.send(order("{}")).confirmed()).isFalse();

            await("handled").atMost(PATIENCE).until(() -> received.equals(List.of("{}")));
            assertThat(channelsThatConfirm("sample-p")).isZero();
            assertThat(server.operator().connections())
                    .extracting(RabbitMqOperator.Connection::givenName)
                    .contains("sample-p-publishing", "sample-c-consuming");
        }
    }

    private long channelsThatConfirm(String clientId) {
        String pid = connectionPid(clientId);
        List<String> channels = server.operator()
                .control("list_channels", "--quiet", "--no-table-headers", "connection", "confirm")
                .lines()
                .filter(line -> line.startsWith(pid + "\t"))
                .toList();
        assertThat(channels).as("channels of %s", clientId).isNotEmpty();
        return channels.stream().filter(line -> line.endsWith("true")).count();
    }

    private String connectionPid(String clientId) {
        return server.operator()
                .control("list_connections", "--quiet", "--no-table-headers", "pid", "client_properties")
                .lines()
                .filter(line -> line.contains("\"" + clientId + "-publishing\""))
                .map(line -> line.split("\t", -1)[0])
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aBodyIsReadAsItWasWritten() {
        try (MessageConsumer consumer = configured(Map.of()).openConsumer(GROUP)) {
            consumer.subscribe(TOPIC, message -> {}).awaitReady(PATIENCE);
        }
        try (MessageProducer producer = configured(Map.of()).openProducer()) {
            producer.send(order("{\"id\":\"123\"}"));
        }
        GetResponse raw = taken();
        assertThat(new String(raw.getBody(), StandardCharsets.UTF_8)).isEqualTo("{\"id\":\"123\"}");
        assertThat(raw.getEnvelope().getRoutingKey()).isEqualTo(TOPIC);
        assertThat(raw.getProps().getDeliveryMode()).as("persistent").isEqualTo(2);
    }
}
