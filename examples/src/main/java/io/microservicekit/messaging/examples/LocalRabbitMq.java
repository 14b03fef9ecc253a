package io.microservicekit.messaging.examples;

import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;

/** A real RabbitMQ node of its own, which ends with the story, or with the JVM when that is told to end. */
final class LocalRabbitMq implements DemoBroker {
    private final RabbitMqServer server = RabbitMqServer.start();

    LocalRabbitMq() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "demo-broker-end"));
    }

    @Override
    public String description() {
        return "a real RabbitMQ node at " + server.address();
    }

    @Override
    public MessagingClientBuilder connect(MessagingClientBuilder client) {
        return client.type("rabbitmq").url(server.url());
    }

    /** Nothing to do: a subscription makes the queue of its group, and binds it to its topics. */
    @Override
    public void createTopic(String topic, int partitions) {}

    @Override
    public boolean hasPartitions() {
        return false;
    }

    /** The second of two calls does nothing, but waits for the first. */
    @Override
    public void close() {
        synchronized (server) {
            server.close();
        }
    }
}
