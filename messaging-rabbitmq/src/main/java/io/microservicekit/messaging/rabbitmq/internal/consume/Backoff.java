package io.microservicekit.messaging.rabbitmq.internal.consume;

import java.time.Duration;

/** How long to wait before a channel is tried again on a connection that lives: at once the first time, then from 0.5 s to 5 s. */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private Duration next = Duration.ZERO;

    Duration next() {
        Duration now = next;
        next = now.isZero() ? FIRST : shorter(now.multipliedBy(2));
        return now;
    }

    private static Duration shorter(Duration wanted) {
        return wanted.compareTo(LONGEST) < 0 ? wanted : LONGEST;
    }

    /** It has worked steadily. */
    void reset() {
        next = Duration.ZERO;
    }
}
