package io.microservicekit.messaging.core.internal.engine;

import org.jspecify.annotations.Nullable;

/**
 * Since when and until when a message waits. The state machine has no clock: it only carries this along with the message, for the shell to write and
 * for reports to read.
 */
final class Stall {
    private @Nullable ParkKind kind;
    private long sinceNanos;
    private long dueNanos;
    private String cause = "";

    /** It is parked; over all waits of one kind it has been waiting since the first. */
    void parked(EngineCommand.Park command, long now, long due) {
        sinceNanos = kind == command.kind() ? sinceNanos : now;
        kind = command.kind();
        dueNanos = due;
        cause = ReasonText.of(command.cause());
    }

    /** Its dead letter is being written; that it could not be before is kept in mind. */
    void publishing(long now) {
        if (kind != ParkKind.DEAD_LETTER) {
            kind = ParkKind.DEAD_LETTER;
            sinceNanos = now;
            dueNanos = now;
            cause = "";
        }
    }

    ParkKind kind() {
        return kind == null ? ParkKind.RETRY : kind;
    }

    /** Since when it has been waiting in this way. */
    long sinceNanos() {
        return sinceNanos;
    }

    /** When it is tried again. */
    long dueNanos() {
        return dueNanos;
    }

    /** Text on the last failure, empty when a dead letter is written for the first time. */
    String cause() {
        return cause;
    }
}
