package io.microservicekit.messaging.rabbitmq.internal.link;

import io.microservicekit.messaging.api.message.MessagingException;
import org.jspecify.annotations.Nullable;

/** A producer or consumer on a shared connection. Called on the connection's loop. */
public interface ConnectionUser {
    /** There is a connection, the first one or a new one: channels are to be opened on it. */
    void connected(BrokerConnection connection);

    /** The connection is gone (its channels have said so already); another attempt follows by itself. */
    void disconnected(Closure closure);

    /** The broker takes no more messages for now (an alarm), or does again. */
    void blocked(boolean blocked, String reason);

    /**
     * The cause stays as it is until somebody changes something. It leaves the connection with that, unless it {@linkplain #staysWhenFailed() stays}.
     */
    void failed(MessagingException cause);

    /** What {@link #failed} told holds no longer, though there is no connection yet: attempts fail for another reason, which may pass. Told to one that stays. */
    default void failureChanged() {}

    /** It is being closed for good: nothing more is told. */
    default void closing() {}

    /** The queue that it consumes at present, for a health check; null when there is none. */
    default @Nullable ConsumedQueue consumedQueue() {
        return null;
    }

    /** Somebody has found that the client's exchange is missing, or was: its bindings are gone with it. */
    default void exchangeMissing() {}

    /** Whether it is told of a further connection all the same, for which there are further attempts as long as it is there. */
    default boolean staysWhenFailed() {
        return false;
    }
}
