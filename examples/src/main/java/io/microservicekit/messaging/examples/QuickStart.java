package io.microservicekit.messaging.examples;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.testkit.MemoryBroker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The quick start of the README: needs no broker. */
public final class QuickStart {
    private QuickStart() {}

    /**
     * Sends one message and receives it.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        // tag::quickstart[]
        var broker = MemoryBroker.create(); // for Kafka: leave it out and use .brokers("localhost:9092")
        try (MessagingClient client =
                MessagingClients.builder().backend(broker.options()).build()) {
            var received = new CompletableFuture<String>();
            client.consumer("order-service")
                    .subscribe("orders", message -> received.complete(message.valueText()))
                    .awaitReady(Duration.ofSeconds(10));
            Message order = Message.builder("orders")
                    .keyText("order-123")
                    .valueText("{\"amount\":100}")
                    .build();
            SendResult sent = client.producer().send(order);
            System.out.println("sent to " + sent.topic() + " " + sent.partition() + "@" + sent.offset());
            System.out.println("received " + received.join());
        }
        // end::quickstart[]
    }
}
