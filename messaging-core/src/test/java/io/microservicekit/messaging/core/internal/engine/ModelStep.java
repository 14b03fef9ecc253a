package io.microservicekit.messaging.core.internal.engine;

/**
 * What may happen next in the model world.
 *
 * @param member to which of the two members
 * @param index the partition, or the place of the holding, run, timer or letter in the member's list
 * @param amount how many records are delivered, or the number of the one that its user commits, from 1; else 0
 */
record ModelStep(Kind kind, int member, int index, int amount) {
    /** Kinds that happen by themselves in the end are progress; the others only may happen. */
    enum Kind {
        ASSIGN(false),
        DELIVER(true),
        START(true),
        OK(true),
        FAIL(false),
        FATAL(false),
        REPORT(true),
        REPORT_ALL(true),
        TICK(false),
        TIMER(true),
        LETTER_OK(true),
        LETTER_FAIL(false),
        LETTER_UNKNOWN(false),
        LETTER_TOO_LARGE(false),
        USER_COMMIT(true),
        STALE_COMMIT(false),
        PAUSE(false),
        RESUME(true),
        COMMIT_SENT(true),
        COMMIT_APPLIED(true),
        COMMIT_ANSWERED(true),
        COMMIT_FAILED(false),
        HOLD_DUE(false),
        REVOKE(false),
        REVOKE_ALL(false),
        REVOKE_RECYCLED(true),
        REVOKE_EXPIRED(false),
        LET_GO(true),
        LET_GO_UNCOMMITTED(false),
        FENCE(false),
        LOST(true),
        CRASH(false),
        STOP(false),
        STOP_EXPIRED(false),
        CLOSE(true),
        CLOSE_UNCOMMITTED(false);

        final boolean progress;

        Kind(boolean progress) {
            this.progress = progress;
        }
    }

    @Override
    public String toString() {
        return kind + " member " + member + " [" + index + (amount == 0 ? "" : ", " + amount) + "]";
    }
}
