package io.microservicekit.messaging.api.message;

/** What became of a message that was sent: each send ends in exactly one of these. */
public enum SendOutcome {
    /** The broker confirmed it at its own level of durability. */
    DELIVERED,
    /** It is certainly not at the broker: sending it again makes no duplicate. */
    NOT_DELIVERED,
    /** It may be at the broker (the connection was lost, or the confirmation did not come in time): sending it again may make a duplicate. */
    UNKNOWN
}
