package io.microservicekit.messaging.rabbitmq.internal;

import java.time.Duration;
import java.util.SplittableRandom;

/** Waits before further attempts: 0.5 s, doubled up to 10 s, each a fifth shorter or longer so that clients do not come all at once. */
final class BackOff {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LAST = Duration.ofSeconds(10);
    private static final double JITTER = 0.2;

    private final SplittableRandom random;
    private Duration next = FIRST;

    BackOff(SplittableRandom random) {
        this.random = random;
    }

    Duration next() {
        Duration wait = jittered(next);
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LAST) < 0 ? doubled : LAST;
        return wait;
    }

    Duration jittered(Duration wait) {
        return Duration.ofNanos((long) (wait.toNanos() * (1 - JITTER + 2 * JITTER * random.nextDouble())));
    }

    void reset() {
        next = FIRST;
    }
}
