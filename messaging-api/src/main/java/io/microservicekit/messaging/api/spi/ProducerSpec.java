package io.microservicekit.messaging.api.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * What a backend needs to know of a producer. Immutable.
 *
 * @param sendTimeout how long a send takes at the most unless the call says otherwise
 * @param maxInFlight how many messages may be without an outcome at once, 1 or more
 * @param maxInFlightBytes how many bytes of keys, values and headers may be without an outcome at once, 1 or more
 * @param logger where the producer logs
 */
public record ProducerSpec(Duration sendTimeout, int maxInFlight, long maxInFlightBytes, System.Logger logger) {
    /**
     * Checks that nothing is missing.
     *
     * @param sendTimeout see the component
     * @param maxInFlight see the component
     * @param maxInFlightBytes see the component
     * @param logger see the component
     */
    public ProducerSpec {
        Objects.requireNonNull(sendTimeout, "sendTimeout");
        Objects.requireNonNull(logger, "logger");
    }

    /**
     * With the default values of the options.
     *
     * @param logger where the producer logs
     * @return 30 s, 20,000 messages, 32 MiB
     */
    public static ProducerSpec defaults(System.Logger logger) {
        return new ProducerSpec(Duration.ofSeconds(30), 20_000, 32L << 20, logger);
    }
}
