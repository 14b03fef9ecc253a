package io.microservicekit.messaging.examples;

import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.core.MessagingConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The Java twin of the Go snippet about RabbitMQ in {@code docs/migrating-from-go.md}. */
final class MigratingRabbitMq {
    private MigratingRabbitMq() {}

    static String sendAndReceive(String url, System.Logger log) {
        CompletableFuture<String> received = new CompletableFuture<>();
        // tag::rabbitmq[]
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("type", "rabbitmq");
        settings.put("url", url); // amqp://user:pass@localhost:5672/vhost
        settings.put("rabbitmq.exchange", "orders");
        settings.put("rabbitmq.exchange_type", "direct"); // direct, fanout, topic, headers
        settings.put("rabbitmq.durable", true);
        settings.put("rabbitmq.auto_ack", false);
        settings.put("rabbitmq.prefetch_count", 10);
        settings.put("rabbitmq.confirm", true);
        MessagingConfig config = MessagingConfig.from(settings);

        try (MessageProducer producer =
                        MessagingClients.builder().config(config).logger(log).openProducer();
                MessageConsumer consumer =
                        MessagingClients.builder().config(config).logger(log).openConsumer("order-service")) {
            consumer.subscribe("order.created", message -> received.complete(message.valueText()))
                    .awaitReady(Duration.ofSeconds(10)); // its queue is there and bound
            producer.send(Message.builder("order.created") // the routing key
                    .keyText("order-123")
                    .valueText("{\"id\":\"123\"}")
                    .build());
            System.out.println("received " + received.join());
        }
        // end::rabbitmq[]
        return received.join();
    }
}
