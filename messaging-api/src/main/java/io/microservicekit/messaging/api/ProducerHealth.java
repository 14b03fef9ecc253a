package io.microservicekit.messaging.api;

import java.time.Duration;
import java.util.Objects;

/**
 * How a producer is. Immutable.
 *
 * @param pendingSends how many sends have no outcome yet
 * @param oldest how long the oldest of them has been waiting, to the second; zero when there is none
 */
public record ProducerHealth(long pendingSends, Duration oldest) {
    /**
     * Checks that nothing is missing.
     *
     * @param pendingSends see the component
     * @param oldest see the component
     */
    public ProducerHealth {
        Objects.requireNonNull(oldest, "oldest");
    }
}
