package io.microservicekit.messaging.it.accounting;

/** What a fault must have hit to prove anything. */
public enum Bite {
    /** A send was without an outcome when the fault began. */
    SEND_UNCONFIRMED,
    /** A handler was running when the fault began. */
    HANDLER_RUNNING,
    /** A send ended unknown, between this fault's begin and the next fault. */
    SEND_UNKNOWN,
    /** A send was rejected, between this fault's begin and the next fault. */
    SEND_REJECTED,
    /** An attempt failed, between this fault's begin and the next fault. */
    ATTEMPT_FAILED,
    /** A message was delivered again, finished or not, between this fault's begin and the next fault. */
    REDELIVERED,
    /** A member was revoked, lost or reconnected, between this fault's begin and the next fault. */
    DISRUPTED,
    /** A member was revoked or lost while a handler of it ran, between this fault's begin and the next fault. */
    REVOKED_WHILE_RUNNING
}
