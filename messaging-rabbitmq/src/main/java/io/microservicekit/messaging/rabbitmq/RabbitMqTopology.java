package io.microservicekit.messaging.rabbitmq;

/** What becomes of exchanges, queues and bindings. */
public enum RabbitMqTopology {
    /** Declared when they are needed. */
    CREATE,
    /** Checked, never declared. */
    PASSIVE,
    /** Neither checked nor declared, but for a dead-letter queue, which is checked. */
    NONE
}
