package io.microservicekit.messaging.rabbitmq.internal.link;

/** What happens to a connection by itself. Called on the loop of the connection, in order. */
public interface ConnectionEvents {
    /** The broker takes no more messages on it for now, because of an alarm. */
    void blocked(String reason);

    /** The alarm is over. */
    void unblocked();

    /** It is gone, and its channels with it (they are told first). Called once, also after {@link BrokerConnection#close}. */
    void closed(Closure closure);
}
