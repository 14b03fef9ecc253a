package io.microservicekit.messaging.testkit;

import java.time.Duration;

/**
 * What ends a simulated run that would not end by itself.
 *
 * @param stuckAfter wall time after which a handler that neither ends nor waits through the runtime is reported
 * @param stepsPerCall steps that one driving call may take
 * @param stepsPerInstant steps that may be taken without time moving
 */
record Limits(Duration stuckAfter, int stepsPerCall, int stepsPerInstant) {
    static final Limits DEFAULT = new Limits(Duration.ofSeconds(5), 1_000_000, 100_000);

    Limits withStuckAfter(Duration limit) {
        return new Limits(limit, stepsPerCall, stepsPerInstant);
    }
}
