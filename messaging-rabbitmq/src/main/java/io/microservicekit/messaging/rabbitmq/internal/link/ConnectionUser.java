package io.microservicekit.messaging.rabbitmq.internal.link;

import io.microservicekit.messaging.api.message.MessagingException;

/** A producer or consumer on a shared connection. Called on the connection's loop. */
public interface ConnectionUser {
    /** There is a connection, the first one or a new one: channels are to be opened on it. */
    void connected(BrokerConnection connection);

    /** The connection is gone (its channels have said so already); another attempt follows by itself. */
    void disconnected(Closure closure);

    /** The broker takes no more messages for now (an alarm), or does again. */
    void blocked(boolean blocked, String reason);

    /** There will be no further attempt: the cause stays as it is until somebody changes something. */
    void failed(MessagingException cause);
}
