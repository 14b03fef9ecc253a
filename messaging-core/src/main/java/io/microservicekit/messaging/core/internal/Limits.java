package io.microservicekit.messaging.core.internal;

import java.time.Duration;

/** Durations as users give them, made fit for arithmetic in nanoseconds. */
final class Limits {
    /** As long as need be. */
    static final Duration FOREVER = Duration.ofDays(36_500);

    private Limits() {}

    /** The same duration, but not less than zero and not more than {@link #FOREVER}. */
    static Duration within(Duration duration) {
        if (duration.isNegative()) {
            return Duration.ZERO;
        }
        return duration.compareTo(FOREVER) > 0 ? FOREVER : duration;
    }
}
