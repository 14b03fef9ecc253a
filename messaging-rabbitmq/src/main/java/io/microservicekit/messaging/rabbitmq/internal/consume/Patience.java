package io.microservicekit.messaging.rabbitmq.internal.consume;

import java.time.Duration;

/**
 * How long a pause has to last before what is unacknowledged is given back. The SPI does not tell a user's pause, after which others may want it, from
 * the engine's own at its bounds, where giving back would undo the work of slow handlers again and again. A user's pause also stops the assignment
 * that follows, the engine's does not: each one that turns out to be the engine's doubles the time.
 */
final class Patience {
    private static final Duration SHORTEST = Duration.ofSeconds(5);

    private final Duration longest;
    private Duration now = SHORTEST;

    /** Never longer than messages may be held. */
    Patience(Duration longest) {
        this.longest = longest;
    }

    Duration now() {
        return now;
    }

    /** It was given back rightly. */
    void confirmed() {
        now = SHORTEST;
    }

    /** It was given back in vain. */
    void disappointed() {
        Duration doubled = now.multipliedBy(2);
        now = doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
