package io.microservicekit.messaging.it.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A message that the driver cannot read ends the connection that all consumers of a client share, each time that it comes. */
@ExtendWith(RabbitMqServerExtension.class)
class HostileMessageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int DEEPER_THAN_ANY_DRIVER_READS = 40;
    private static final int MOST_BYTES = 2_000;
    private static final String LARGEST = "x".repeat(MOST_BYTES);

    private final RabbitMqServer server;
    private final String hostile = RawRabbitMq.name("hostile");
    private final String peaceful = RawRabbitMq.name("peaceful");
    private final List<String> handled = new CopyOnWriteArrayList<>();

    HostileMessageIT(RabbitMqServer server) {
        this.server = server;
    }

    @Test
    @Fault("F19")
    void aMessageOverTheLimitEndsTheSubscriptionThatItCameForAndNoOther() throws Exception {
        endsOneOfTwo(Map.of(), new byte[MOST_BYTES + 1], ErrorCode.MESSAGE_TOO_LARGE);
    }

    @Test
    void headersNestedDeeperThanTheDriverReadsEndTheSubscriptionThatTheyCameForAndNoOther() throws Exception {
        Map<String, Object> nested = Map.of("innermost", 1);
        for (int depth = 0; depth < DEEPER_THAN_ANY_DRIVER_READS; depth++) {
            nested = Map.of("table", nested);
        }
        endsOneOfTwo(nested, new byte[1], ErrorCode.MALFORMED_HEADER);
    }

    /** The broker returns it whole, on the connection that all producers of the client share. */
    @Test
    void aMessageOverTheLimitForReceivedOnesThatNoQueueTakesEndsNoOtherSend() {
        RabbitMqOptions options = RabbitMqOptions.builder()
                .url(server.url())
                .maxInboundBytes(MOST_BYTES)
                .build();
        Message unroutable = Message.builder(RawRabbitMq.name("nobody"))
                .value(new byte[1 << 20])
                .build();
        try (MessagingClient client =
                MessagingClients.builder().backend(options).build()) {
            MessageProducer producer = client.producer();
            for (int i = 0; i < 4; i++) {
                assertThatThrownBy(() -> producer.send(unroutable))
                        .isInstanceOfSatisfying(SendException.class, error -> {
                            assertThat(error.code()).as("%s", error).isEqualTo(ErrorCode.UNROUTABLE);
                            assertThat(error.outcome()).isEqualTo(SendOutcome.NOT_DELIVERED);
                        });
            }
        }
    }

    private void endsOneOfTwo(Map<String, Object> headers, byte[] body, ErrorCode reason) throws Exception {
        RabbitMqOptions options = RabbitMqOptions.builder()
                .url(server.url())
                .maxMessageBytes(MOST_BYTES)
                .maxInboundBytes(MOST_BYTES)
                .build();
        try (MessagingClient client =
                MessagingClients.builder().backend(options).build()) {
            Subscription one = subscribe(client, hostile);
            Subscription other = subscribe(client, peaceful);
            RawRabbitMq.on(server, channel -> {
                channel.basicPublish(
                        "amq.topic",
                        hostile,
                        new AMQP.BasicProperties.Builder().headers(headers).build(),
                        body);
                return channel;
            });

            await("its end").atMost(PATIENCE).until(() -> one.completion().isDone());
            client.producer().send(Message.builder(peaceful).valueText(LARGEST).build());
            await("the other").atMost(PATIENCE).until(() -> handled.contains(LARGEST));

            assertThat(one.completion())
                    .failsWithin(Duration.ofSeconds(1))
                    .withThrowableOfType(ExecutionException.class)
                    .satisfies(end -> assertThat(MessagingException.is(end.getCause(), reason))
                            .as("%s", end.getCause())
                            .isTrue());
            assertThat(other.completion()).isNotDone();
            assertThat(RawRabbitMq.queue(server, hostile).ready()).isEqualTo(1);
        }
    }

    private Subscription subscribe(MessagingClient client, String name) {
        Subscription subscription = client.consumer(
                        name, ConsumerOptions.builder().build())
                .subscribe(name, message -> handled.add(message.valueText()));
        subscription.awaitReady(PATIENCE);
        return subscription;
    }
}
