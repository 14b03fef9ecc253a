package io.microservicekit.messaging.examples;

import static io.microservicekit.messaging.testkit.MessagingAssertions.assertThat;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.testkit.MemoryBroker;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrderHandlerTest {
    // tag::virtualtime[]
    @Test
    void anOrderWithoutStockIsRetriedForSevenSecondsAndThenDeadLettered() { // in milliseconds of real time
        var time = SimulatedRuntime.seeded(1);
        var broker = MemoryBroker.create();
        var client = MessagingClients.builder().backend(broker.options()).runtime(time);
        try (var orders = client.build()) {
            var handler = new OrderHandler(Set.of("lamp"));
            orders.consumer("order-service", OrderHandler.options()).subscribe("orders", handler);
            time.settle();
            orders.producer().send(Message.builder("orders").valueText("chair").build());
            time.advance(Duration.ofSeconds(7));
        }
        assertThat(broker).topic("orders-dlq").hasDeadLetter("no stock").nothingLost();
    }
    // end::virtualtime[]
}
