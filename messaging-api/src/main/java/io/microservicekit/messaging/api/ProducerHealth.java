package io.microservicekit.messaging.api;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a producer is. Immutable.
 *
 * @param pendingSends how many sends have no outcome yet
 * @param oldest how long the oldest of them has been waiting, to the second; zero when there is none
 * @param impediment what keeps messages from reaching the broker at present, although one answers, as the middle of a sentence; null when nothing
 *     does. No payload, no secret; control characters of texts from outside are escaped
 */
public record ProducerHealth(
        long pendingSends, Duration oldest, @Nullable String impediment) {
    /**
     * Checks that nothing is missing.
     *
     * @param pendingSends see the component
     * @param oldest see the component
     * @param impediment see the component
     */
    public ProducerHealth {
        Objects.requireNonNull(oldest, "oldest");
    }
}
