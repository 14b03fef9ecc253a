package io.microservicekit.messaging.examples;

import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.testkit.junit.KafkaServer;

/** A real Kafka broker in a process of its own, which ends with the story. */
final class LocalKafka implements DemoBroker {
    private final KafkaServer server = KafkaServer.start();

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

    @Override
    public void close() {
        server.close();
    }
}
