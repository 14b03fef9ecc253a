package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.testkit.MessagingAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.message.DeadLetterHeaders;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.testkit.MemoryBroker;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryAndDeadLetterSimTest {
    private final SimulatedRuntime sim = SimulatedRuntime.seeded(1);
    private final MemoryBroker broker = MemoryBroker.create();
    private final List<Duration> calls = new ArrayList<>();

    @Test
    void aFailingMessageIsTriedAtZeroOneThreeAndSevenSecondsAndThenDeadLettered() {
        try (MessagingClient client = MessagingClients.builder()
                .backend(broker.options())
                .runtime(sim)
                .build()) {
            client.consumer(
                            "order-service",
                            ConsumerOptions.builder()
                                    .retry(RetryPolicy.exponential(3, Duration.ofSeconds(1)))
                                    .deadLetterQueue("orders-dlq")
                                    .build())
                    .subscribe("orders", message -> {
                        calls.add(sim.elapsed());
                        throw new IllegalStateException("no stock");
                    })
                    .awaitReady(Duration.ofSeconds(1));
            client.producer()
                    .send(Message.builder("orders")
                            .keyText("order-1")
                            .valueText("{}")
                            .build());

            sim.advance(Duration.ofSeconds(7));

            assertThat(calls).extracting(Duration::toSeconds).containsExactly(0L, 1L, 3L, 7L);
            assertThat(broker).topic("orders-dlq").hasDeadLetter("no stock");
            assertThat(broker).topic("orders").nothingLost();
        }
        Headers headers = broker.messages("orders-dlq").get(0).message().headers();
        assertThat(headers.text(DeadLetterHeaders.ORIGINAL_TOPIC)).isEqualTo("orders");
        assertThat(headers.text(DeadLetterHeaders.ORIGINAL_PARTITION)).isEqualTo("0");
        assertThat(headers.text(DeadLetterHeaders.ORIGINAL_OFFSET)).isEqualTo("0");
        assertThat(headers.text(DeadLetterHeaders.ERROR_MESSAGE)).isEqualTo("no stock");
        assertThat(headers.text(DeadLetterHeaders.CONSUMER_GROUP)).isEqualTo("order-service");
    }
}
