package io.microservicekit.messaging.api;

/** Which messages are handled one after the other. */
public enum OrderingMode {
    /** One at a time per partition, or per queue where the broker has no partitions; partitions and queues in parallel. */
    PARTITION
}
