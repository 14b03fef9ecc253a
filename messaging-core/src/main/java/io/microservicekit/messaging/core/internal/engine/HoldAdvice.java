package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.RetryPolicy;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What to say of retries that a broker does not wait for: their message comes again, counted from the first attempt, and never ends. */
final class HoldAdvice {
    /** Jitter only lengthens: without it the waits are the shortest. */
    private static final RandomGenerator LEAST = () -> 0L;

    private HoldAdvice() {}

    /** Null when all waits together are below the limit, or there is none. */
    static @Nullable String of(RetryPolicy retry, @Nullable Duration holdLimit) {
        if (holdLimit == null) {
            return null;
        }
        Duration waits = Duration.ZERO;
        for (int i = 1; i <= retry.maxRetries() && waits.compareTo(holdLimit) < 0; i++) {
            waits = waits.plus(retry.delay(i, LEAST));
        }
        return waits.compareTo(holdLimit) < 0
                ? null
                : "The waits of its retries are together not below the hold limit of " + holdLimit
                        + ": a message is given back then and comes again with attempt 1, so that it is never given up and never"
                        + " dead-lettered. Retry fewer times or sooner, or raise the hold limit.";
    }
}
