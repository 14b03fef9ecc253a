package io.microservicekit.messaging.examples;

import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.testkit.junit.KafkaServer;

/** A real Kafka broker in a process of its own, which ends with the story, or with the JVM when that is told to end. */
final class LocalKafka implements DemoBroker {
    private final KafkaServer server = KafkaServer.start();

    LocalKafka() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "demo-broker-end"));
    }

    @Override
    public String description() {
        return "a real Kafka broker (KRaft) at " + server.bootstrapServers();
    }

    @Override
    public MessagingClientBuilder connect(MessagingClientBuilder client) {
        return client.type("kafka").brokers(server.bootstrapServers());
    }

    @Override
    public void createTopic(String topic, int partitions) {
        server.createTopic(topic, partitions);
    }

    /** The second of two calls does nothing, but waits for the first. */
    @Override
    public void close() {
        synchronized (server) {
            server.close();
        }
    }
}
