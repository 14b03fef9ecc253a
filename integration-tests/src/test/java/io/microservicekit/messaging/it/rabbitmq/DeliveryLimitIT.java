package io.microservicekit.messaging.it.rabbitmq;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** RabbitMQ drops what a quorum queue has redelivered too often: from 4.0 on, after 20 times unless its declaration says otherwise. */
@ExtendWith(RabbitMqServerExtension.class)
class DeliveryLimitIT {
    /** As often as 4.0 redelivers by itself. */
    private static final int DEFAULT_LIMIT = 20;

    private final RabbitMqUnderTest backend;
    private final String topic = RawRabbitMq.name("redelivered");

    DeliveryLimitIT(RabbitMqServer server) {
        this.backend = RabbitMqUnderTest.quorum(server);
    }

    @Test
    void aQuorumQueueIsDeclaredWithALimitThatIsNotReached() {
        try (MessagingClient client =
                MessagingClients.builder().backend(backend.options()).build()) {
            client.consumer(topic).subscribe(topic, message -> {}).awaitReady(PATIENCE);
        }

        assertThatCode(() -> backend.declareQueue(topic))
                .as("declaring it again, with the limit of a million")
                .doesNotThrowAnyException();
    }

    /** Each attempt waits for longer than the queue lets a message be held, which is a delivery more. */
    @Test
    @Tag("long-faults-rabbitmq")
    void aMessageThatIsRedeliveredMoreThanTwentyTimesIsNotDropped() {
        ConsumerOptions patient = ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(9, Duration.ofMinutes(1)))
                .build();
        AtomicInteger deliveries = new AtomicInteger();
        List<String> handled = new CopyOnWriteArrayList<>();
        try (MessagingClient client = MessagingClients.builder()
                .backend(backend.optionsBuilder()
                        .holdLimit(Duration.ofSeconds(1))
                        .build())
                .build()) {
            client.consumer(topic, patient)
                    .subscribe(topic, message -> handle(message, deliveries, handled))
                    .awaitReady(PATIENCE);
            client.producer().send(Message.builder(topic).valueText("payment").build());
            await("the last delivery")
                    .atMost(PATIENCE.multipliedBy(2))
                    .until(() -> handled.size() == 1 && backend.isDrained(topic, topic));
        }

        assertThat(handled).containsExactly("payment");
        assertThat(deliveries.get()).isGreaterThan(DEFAULT_LIMIT);
    }

    private static void handle(ReceivedMessage message, AtomicInteger deliveries, List<String> handled) {
        if (deliveries.incrementAndGet() <= DEFAULT_LIMIT + 2) {
            throw new IllegalStateException("no stock");
        }
        handled.add(message.valueText());
    }
}
