package io.microservicekit.messaging.testkit.internal.memory;

import org.jspecify.annotations.Nullable;

/**
 * What the broker did with a message.
 *
 * @param fault the planned fault, {@link Fault#NONE} as a rule
 * @param entry the stored message; null when it was not stored
 * @param reason why it was not stored, in words; null when it was
 */
record Receipt(
        Fault fault, @Nullable LogEntry entry, @Nullable String reason) {
    /** The reason of a message that has no queue. */
    static final String UNROUTABLE = "no queue is bound to it";
}
