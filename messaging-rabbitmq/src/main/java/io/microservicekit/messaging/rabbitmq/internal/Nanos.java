package io.microservicekit.messaging.rabbitmq.internal;

import java.time.Duration;

/** Durations as numbers. */
final class Nanos {
    private static final Duration MOST = Duration.ofDays(365);

    private Nanos() {}

    /** Cut at a year, so that a time added to it does not overflow. */
    static long of(Duration duration) {
        return (duration.compareTo(MOST) < 0 ? duration : MOST).toNanos();
    }
}
