package io.microservicekit.messaging.api;

import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import java.time.Duration;
import java.util.Objects;

/** The options of a producer. Immutable. */
public final class ProducerOptions {
    private static final ProducerOptions DEFAULTS = builder().build();

    private final Duration sendTimeout;

    private ProducerOptions(Builder builder) {
        this.sendTimeout = builder.sendTimeout;
    }

    /**
     * The defaults.
     *
     * @return the one instance with default values
     */
    public static ProducerOptions defaults() {
        return DEFAULTS;
    }

    /**
     * A builder with default values.
     *
     * @return a new builder, not thread-safe
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * How long a send may take until its outcome is decided.
     *
     * @return more than zero, default 30 s (Kafka's {@code delivery.timeout.ms})
     */
    public Duration sendTimeout() {
        return sendTimeout;
    }

    /** Collects producer options. Not thread-safe. */
    public static final class Builder {
        private Duration sendTimeout = Duration.ofSeconds(30);

        private Builder() {}

        /**
         * Sets how long a send may take until its outcome is decided.
         *
         * @param sendTimeout from 1 ms to 1 day, default 30 s
         * @return this builder
         */
        public Builder sendTimeout(Duration sendTimeout) {
            this.sendTimeout = Objects.requireNonNull(sendTimeout, "sendTimeout");
            return this;
        }

        /**
         * The options.
         *
         * @return immutable options
         * @throws InvalidConfigurationException INVALID_CONFIG naming the option, its value and its range
         */
        public ProducerOptions build() {
            OptionChecks checks = new OptionChecks("ProducerOptions");
            checks.range("sendTimeout", sendTimeout, Duration.ofMillis(1), Duration.ofDays(1));
            checks.done();
            return new ProducerOptions(this);
        }
    }
}
