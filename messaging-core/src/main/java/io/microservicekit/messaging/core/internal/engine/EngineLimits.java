package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.ExhaustedPolicy;

/**
 * The numbers and choices the state machine goes by.
 *
 * @param holdNanos how long a delivery may stay unacknowledged, 0 for no limit
 * @param manual whether the user finishes messages by commits, instead of the handler by its return
 * @param pointers whether a dead letter that is too large in any form is replaced by a pointer
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
        boolean pointers) {
    /** Longest run: measured in ADR-0002, a longer one gains nothing and makes lanes wait for each other. */
    static final int MAX_RUN = 500;

    /** Limits of a subscription that acknowledges after the handler and writes no pointers. */
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
                false);
    }
}
