package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.ExhaustedPolicy;

/**
 * The numbers and choices the state machine goes by.
 *
 * @param holdNanos how long a delivery may stay unacknowledged, 0 for no limit
 */
record EngineLimits(
        int concurrency,
        int maxInFlight,
        long maxInFlightBytes,
        int maxUncommitted,
        long holdNanos,
        boolean deadLetters,
        ExhaustedPolicy exhausted) {
    /** Longest run: measured in ADR-0002, a longer one gains nothing and makes lanes wait for each other. */
    static final int MAX_RUN = 500;
}
