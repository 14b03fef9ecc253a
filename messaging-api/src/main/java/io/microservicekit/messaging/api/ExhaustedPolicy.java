package io.microservicekit.messaging.api;

/** What becomes of a message whose retries are used up when no dead-letter topic is set. */
public enum ExhaustedPolicy {
    /** It is not acknowledged; its lane is held and it is tried again with a capped back-off (1 s to 30 s) until it succeeds. Nothing is lost. */
    BLOCK,
    /** It is acknowledged and thereby lost, with a warning in the log and an event. */
    DISCARD,
    /** The subscription fails; the message stays un-acknowledged. */
    STOP
}
