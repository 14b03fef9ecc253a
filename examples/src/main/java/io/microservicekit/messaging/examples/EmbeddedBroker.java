package io.microservicekit.messaging.examples;

import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.testkit.MemoryBroker;

/** The in-memory broker of the testkit. */
final class EmbeddedBroker implements DemoBroker {
    private final MemoryBroker broker = MemoryBroker.create();

    @Override
    public String description() {
        return "the embedded in-memory broker";
    }

    @Override
    public MessagingClientBuilder connect(MessagingClientBuilder client) {
        return client.backend(broker.options());
    }

    @Override
    public void createTopic(String topic, int partitions) {
        broker.createTopic(topic, partitions);
    }

    @Override
    public void close() {}
}
