package io.microservicekit.messaging.it.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqTopology;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An exchange that is deleted takes its bindings along: a consumer stays registered, gets nothing more, and the broker tells it nothing. */
@ExtendWith(RabbitMqServerExtension.class)
class MissingExchangeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RabbitMqServer server;
    private final String exchange = RawRabbitMq.name("exchange");
    private final String group = RawRabbitMq.name("group");
    private final Queue<String> received = new ConcurrentLinkedQueue<>();

    MissingExchangeIT(RabbitMqServer server) {
        this.server = server;
    }

    private MessagingClient open(RabbitMqTopology topology) {
        return MessagingClients.builder()
                .backend(RabbitMqOptions.builder()
                        .url(server.url())
                        .exchange(exchange)
                        .topology(topology)
                        .build())
                .build();
    }

    private void consume(MessagingClient client) {
        client.consumer(group)
                .subscribe("order.created", message -> received.add(String.valueOf(message.valueText())))
                .awaitReady(PATIENCE);
    }

    private void deleteExchange() {
        AMQP.Exchange.DeleteOk deleted = RawRabbitMq.on(server, channel -> channel.exchangeDelete(exchange));
        assertThat(deleted).isNotNull();
    }

    private static boolean sends(MessageProducer producer, String value) {
        try {
            return producer.send(
                            Message.builder("order.created").valueText(value).build())
                    .routed();
        } catch (SendException e) {
            return false;
        }
    }

    private void awaitReceived(String value) {
        await("received")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(received).contains(value));
    }

    @Test
    void aSendOfTheSameClientThatMissesItHasItBoundUnderTheRunningConsumer() {
        try (MessagingClient client = open(RabbitMqTopology.CREATE)) {
            consume(client);
            MessageProducer producer = client.producer();
            assertThat(sends(producer, "before")).isTrue();
            deleteExchange();
            await("bound anew").atMost(PATIENCE).until(() -> sends(producer, "after"));

            awaitReceived("after");
            assertThat(client.health().readiness().passes()).isTrue();
        }
    }

    /** Who sends declares nothing, so that only the consumer's client can. */
    @Test
    void aHealthCheckThatMissesItHasItBoundUnderTheRunningConsumer() {
        try (MessagingClient client = open(RabbitMqTopology.CREATE);
                MessagingClient sender = open(RabbitMqTopology.PASSIVE)) {
            consume(client);
            MessageProducer producer = sender.producer();
            assertThat(sends(producer, "before")).isTrue();
            deleteExchange();
            assertThat(sends(producer, "missed")).isFalse();
            await("bound anew").atMost(PATIENCE).until(() -> {
                var unused = client.health();
                return sends(producer, "after");
            });

            awaitReceived("after");
            assertThat(received).doesNotContain("missed");
        }
    }

    /** Nobody can see it: the exchange is there when it is asked for, and its bindings nobody can ask for. */
    @Test
    @Tag("long-faults-rabbitmq")
    void oneThatAnotherClientHasDeclaredAgainIsBoundUnderTheConsumerThatGotNothingForAMinute() {
        try (MessagingClient client = open(RabbitMqTopology.CREATE);
                MessagingClient sender = open(RabbitMqTopology.CREATE)) {
            consume(client);
            MessageProducer producer = sender.producer();
            assertThat(sends(producer, "before")).isTrue();
            awaitReceived("before");
            deleteExchange();
            await("declared again").atMost(PATIENCE).until(() -> isUnroutable(producer));
            var unused = client.health();
            assertThat(isUnroutable(producer)).as("did not test: missed").isTrue();
            await("bound anew").atMost(PATIENCE.multipliedBy(2)).until(() -> {
                assertThat(client.health().readiness().passes()).isTrue();
                return sends(producer, "after");
            });

            awaitReceived("after");
        }
    }

    private static boolean isUnroutable(MessageProducer producer) {
        try {
            SendResult unused = producer.send(
                    Message.builder("order.created").valueText("lost").build());
            return false;
        } catch (SendException e) {
            return e.code() == ErrorCode.UNROUTABLE;
        }
    }

    @Test
    void whereTheTopologyIsNotOursReadinessNamesItUntilItIsThere() {
        RawRabbitMq.on(server, channel -> {
            channel.exchangeDeclare(exchange, "direct", true);
            channel.queueDeclare(group, true, false, false, Map.of());
            return channel.queueBind(group, exchange, "order.created");
        });
        try (MessagingClient client = open(RabbitMqTopology.PASSIVE)) {
            consume(client);
            await("up").atMost(PATIENCE).until(() -> client.health().readiness().passes());
            deleteExchange();
            await("named")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(client.health().readiness().reasons())
                            .anySatisfy(reason ->
                                    assertThat(reason).contains("its exchange '" + exchange + "' is missing or was")));
            assertThat(client.health().readiness().passes()).isFalse();
            RawRabbitMq.on(server, channel -> {
                channel.exchangeDeclare(exchange, "direct", true);
                return channel.queueBind(group, exchange, "order.created");
            });
            await("up again")
                    .atMost(PATIENCE)
                    .until(() -> client.health().readiness().passes());
            assertThat(sends(client.producer(), "after")).isTrue();
            awaitReceived("after");
        }
    }
}
