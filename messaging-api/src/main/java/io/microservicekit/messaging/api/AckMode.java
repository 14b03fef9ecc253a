package io.microservicekit.messaging.api;

/** Who acknowledges handled messages. */
public enum AckMode {
    /** The library, after the handler returned. The default. */
    AFTER_HANDLER,
    /**
     * The application, by {@link MessageConsumer#commit}. Returning acknowledges nothing but frees the lane; an exception retries and dead-letters
     * as usual, unless the message was committed before. Uncommitted messages count as in flight: at {@link ConsumerOptions#maxInFlight()} the
     * intake of the partition pauses, at {@link ConsumerOptions#maxUncommitted()} handled but uncommitted ones of a partition nothing more of it
     * starts, and on a queue the broker's window of unacknowledged deliveries bounds them too. Commit in smaller steps than these.
     */
    MANUAL
}
