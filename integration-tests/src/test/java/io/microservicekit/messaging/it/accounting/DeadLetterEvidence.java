package io.microservicekit.messaging.it.accounting;

/** When DLQ_OK is written. */
public enum DeadLetterEvidence {
    /** By the client's own signal, before the next message of the lane starts. */
    AT_CONFIRM,
    /**
     * By a consumer that drains the dead-letter topic later. For order, commits and liveness a poison message then
     * counts as finished with the failure of its highest attempt, which is more lenient.
     */
    AT_DRAIN
}
