package io.microservicekit.messaging.kafka.internal.shared;

/** Why the send gate ends a message that the driver has not taken. */
public enum Refusal {
    /** Its timeout passed while it waited. */
    EXPIRED,
    /** The gate was closed before it came. */
    CLOSED,
    /** The gate was closed while it waited, and the limit of the close passed. */
    CUT_OFF
}
