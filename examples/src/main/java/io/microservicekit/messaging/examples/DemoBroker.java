package io.microservicekit.messaging.examples;

import io.microservicekit.messaging.core.MessagingClientBuilder;

/** The broker of the story: all that differs between the backends. */
interface DemoBroker extends AutoCloseable {
    /** What it is, for the reader. */
    String description();

    /** Tells a client where the broker is. */
    MessagingClientBuilder connect(MessagingClientBuilder client);

    void createTopic(String topic, int partitions);

    /** Whether topics have partitions and offsets, so that the customers' orders wait for each other only where they share a partition. */
    default boolean hasPartitions() {
        return true;
    }

    @Override
    void close();
}
