package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.ExhaustedPolicy;
import io.microservicekit.messaging.api.OrderingMode;

/**
 * The numbers and choices the state machine goes by.
 *
 * @param holdNanos how long a delivery may stay unacknowledged, 0 for no limit
 * @param manual whether the user finishes messages by commits, instead of the handler by its return
 * @param pointers whether a dead letter that is too large in any form is replaced by a pointer
 * @param ordering what is handled one after the other
 */
record EngineLimits(
        int concurrency,
        int maxInFlight,
        long maxInFlightBytes,
        int maxUncommitted,
        long holdNanos,
        boolean deadLetters,
        ExhaustedPolicy exhausted,
        boolean manual,
        boolean pointers,
        OrderingMode ordering) {
    /** Longest run: measured in ADR-0002, a longer one gains nothing and makes lanes wait for each other. */
    static final int MAX_RUN = 500;

    /** How many short runs at least wait for a handler thread, so that none of them waits for the loop. */
    private static final int LEAST_AHEAD = 256;

    /** Limits of a subscription that acknowledges after the handler, writes no pointers and keeps partitions in order. */
    EngineLimits(
            int concurrency,
            int maxInFlight,
            long maxInFlightBytes,
            int maxUncommitted,
            long holdNanos,
            boolean deadLetters,
            ExhaustedPolicy exhausted) {
        this(
                concurrency,
                maxInFlight,
                maxInFlightBytes,
                maxUncommitted,
                holdNanos,
                deadLetters,
                exhausted,
                false,
                false,
                OrderingMode.PARTITION);
    }

    /** Whether the messages of an assignment may be finished in another order than they were delivered in. */
    boolean inAnyOrder() {
        return manual || ordering != OrderingMode.PARTITION;
    }

    /** Whether the broker bounds what it has delivered and not seen finished, so that what will not be finished soon must be told to the adapter. */
    boolean boundsUnfinished() {
        return holdNanos > 0;
    }

    /** How many runs may be handed over at once; handler threads there are fewer where runs are short. */
    int runs() {
        return ordering == OrderingMode.PARTITION ? concurrency : concurrency + Math.max(concurrency, LEAST_AHEAD);
    }
}
