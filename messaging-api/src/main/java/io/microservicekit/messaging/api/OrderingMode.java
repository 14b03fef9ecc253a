package io.microservicekit.messaging.api;

/**
 * Which messages are handled one after the other. In each mode at most {@link ConsumerOptions#concurrency()} handlers run at once, a message that
 * waits for a retry or for its dead letter delays only what must come after it, and nothing is acknowledged before it is finished.
 */
public enum OrderingMode {
    /** One at a time per partition, or per queue where the broker has no partitions; partitions and queues in parallel. */
    PARTITION,
    /**
     * One at a time per key, in the order of delivery, also across retries and dead letters; keys in parallel. A key is the topic and the bytes of
     * {@link io.microservicekit.messaging.api.message.ReceivedMessage#key()}, compared by content; messages without a key are not ordered. On a queue
     * with several consumers the order of a key is kept within each of them only.
     */
    KEY,
    /** In no order: any message beside any other. */
    UNORDERED
}
