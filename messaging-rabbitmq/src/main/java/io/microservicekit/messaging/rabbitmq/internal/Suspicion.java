package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import java.time.Duration;

/** How often the connection has ended while this user was the only one that was asking, since it was answered last. */
final class Suspicion {
    /** The proof is one more. */
    private static final int DECIDED = Repetition.DECIDED - 1;

    /** A queue whose leader is being elected says the same for as long as that takes. */
    private static final long UNDECIDED = Duration.ofMinutes(3).toNanos();

    /** How much of the time between two ends counts, however long there was no connection or another user's turn. */
    private static final long LONGEST = Duration.ofMinutes(1).toNanos();

    private boolean suspected;
    private int ends;
    private long lastNanos;
    private long lasted;
    private boolean due;

    /** It was one of several that were asking: nothing is counted. */
    void suspect() {
        suspected = true;
    }

    boolean isSuspected() {
        return suspected;
    }

    int ends() {
        return ends;
    }

    /** Whether the same once more, with nobody else on the connection, is the proof. */
    boolean isDue() {
        return due;
    }

    /**
     * It was the only one that was asking.
     *
     * @param alone whether nobody else had been told of the connection
     * @return whether that proves that its step was the reason
     */
    boolean isProvenBy(Closure closure, boolean alone, long now) {
        suspected = true;
        if (Repetition.saysNothing(closure)) {
            return false;
        }
        boolean proven = due && alone;
        lasted += ends == 0 ? 0 : Math.min(LONGEST, now - lastNanos);
        lastNanos = now;
        ends++;
        due = Repetition.isUndecided(closure) ? lasted >= UNDECIDED : ends >= DECIDED;
        return proven;
    }

    /** What it asked for was answered, and the connection lives. */
    void clear() {
        suspected = false;
        ends = 0;
        lasted = 0;
        due = false;
    }
}
