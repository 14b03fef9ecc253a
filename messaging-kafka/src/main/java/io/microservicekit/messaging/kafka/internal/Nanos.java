package io.microservicekit.messaging.kafka.internal;

import java.time.Duration;

/** Durations as nanoseconds: longer than a century is as good as for ever. */
final class Nanos {
    private static final Duration CENTURY = Duration.ofDays(36_525);

    private Nanos() {}

    static long of(Duration duration) {
        return duration.compareTo(CENTURY) > 0 ? CENTURY.toNanos() : duration.toNanos();
    }
}
