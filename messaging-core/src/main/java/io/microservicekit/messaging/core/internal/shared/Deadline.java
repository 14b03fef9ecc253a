package io.microservicekit.messaging.core.internal.shared;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A point in time that several callers may bring nearer, and none moves away. */
public final class Deadline {
    private final AtomicLong atNanos = new AtomicLong(Long.MAX_VALUE);

    /** A deadline that never passes. */
    public Deadline() {}

    public void atTheLatest(long nanos) {
        atNanos.accumulateAndGet(nanos, Math::min);
    }

    /** What is left of it at a time, but at least and at most so much. */
    public Duration left(long nowNanos, Duration least, Duration most) {
        Duration left = Duration.ofNanos(Math.max(0, atNanos.get() - nowNanos));
        if (left.compareTo(least) < 0) {
            return least;
        }
        return left.compareTo(most) > 0 ? most : left;
    }
}
