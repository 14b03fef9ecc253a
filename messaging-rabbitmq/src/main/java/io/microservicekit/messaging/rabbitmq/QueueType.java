package io.microservicekit.messaging.rabbitmq;

/** How the broker keeps a queue. */
public enum QueueType {
    /** On one node. A killed node forgets acknowledgements it had accepted: their messages come again. */
    CLASSIC,
    /** Replicated, always durable. Recommended. */
    QUORUM
}
