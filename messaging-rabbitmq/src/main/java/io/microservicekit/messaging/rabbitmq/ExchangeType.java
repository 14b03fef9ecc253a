package io.microservicekit.messaging.rabbitmq;

/** How an exchange chooses the queues of a message. */
public enum ExchangeType {
    /** The routing key is the binding key. */
    DIRECT,
    /** Each bound queue; the routing key is ignored. */
    FANOUT,
    /** The routing key matches the binding key, in which {@code *} stands for one word and {@code #} for any number. */
    TOPIC,
    /** The headers match the arguments of the binding. */
    HEADERS
}
