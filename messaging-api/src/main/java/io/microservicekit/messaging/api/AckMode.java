package io.microservicekit.messaging.api;

/** Who acknowledges handled messages. */
public enum AckMode {
    /** The library, after the handler returned. The default. */
    AFTER_HANDLER,
    /**
     * The application, by {@link MessageConsumer#commit}. Returning acknowledges nothing but frees the lane; an exception retries and dead-letters
     * as usual, unless the message was committed before. Uncommitted messages count as in flight.
     */
    MANUAL
}
