package io.microservicekit.messaging.api;

import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.trace.MessageTracer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The options of a producer. Immutable. */
public final class ProducerOptions {
    private static final ProducerOptions DEFAULTS = builder().build();

    private final Duration sendTimeout;
    private final int maxInFlight;
    private final long maxInFlightBytes;
    private final boolean messageId;
    private final boolean retryUnknown;
    private final System.@Nullable Logger logger;
    private final @Nullable MessageTracer tracer;

    private ProducerOptions(Builder builder) {
        this.sendTimeout = builder.sendTimeout;
        this.maxInFlight = builder.maxInFlight;
        this.maxInFlightBytes = builder.maxInFlightBytes;
        this.messageId = builder.messageId;
        this.retryUnknown = builder.retryUnknown;
        this.logger = builder.logger;
        this.tracer = builder.tracer;
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

    /**
     * How many messages may be without an outcome at once.
     *
     * @return 1 or more, default 20,000
     */
    public int maxInFlight() {
        return maxInFlight;
    }

    /**
     * How many bytes of keys, values and headers may be without an outcome at once.
     *
     * @return 1 or more, default 32 MiB
     */
    public long maxInFlightBytes() {
        return maxInFlightBytes;
    }

    /**
     * Whether each message gets an id.
     *
     * @return true when it does, default false
     */
    public boolean messageId() {
        return messageId;
    }

    /**
     * Whether a message whose outcome is unknown is sent once more.
     *
     * @return true when it is, default false
     */
    public boolean retryUnknown() {
        return retryUnknown;
    }

    /**
     * Where the producer logs.
     *
     * @return its own logger, null for the client's
     */
    public System.@Nullable Logger logger() {
        return logger;
    }

    /**
     * Who traces the producer's messages.
     *
     * @return its own tracer, null for the client's
     */
    public @Nullable MessageTracer tracer() {
        return tracer;
    }

    /** Every option but the collaborators. */
    @Override
    public String toString() {
        return "ProducerOptions[sendTimeout=" + sendTimeout + ", maxInFlight=" + maxInFlight + ", maxInFlightBytes="
                + maxInFlightBytes + ", messageId=" + messageId + ", retryUnknown=" + retryUnknown + "]";
    }

    /** Collects producer options. Not thread-safe. */
    public static final class Builder {
        private Duration sendTimeout = Duration.ofSeconds(30);
        private int maxInFlight = 20_000;
        private long maxInFlightBytes = 32L << 20;
        private boolean messageId;
        private boolean retryUnknown;
        private System.@Nullable Logger logger;
        private @Nullable MessageTracer tracer;

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
         * Bounds how many messages may be without an outcome at once. At the bound {@code sendAsync} fails at once with SEND_QUEUE_FULL,
         * {@code send} and {@code sendBatch} wait for room within their timeout.
         *
         * @param maxInFlight from 1 to 10,000,000, default 20,000
         * @return this builder
         */
        public Builder maxInFlight(int maxInFlight) {
            this.maxInFlight = maxInFlight;
            return this;
        }

        /**
         * Bounds how many bytes of keys, values and headers may be without an outcome at once, as {@link #maxInFlight(int)} does for messages. A
         * message that is larger is let in when it is alone.
         *
         * @param maxInFlightBytes from 1 to 1 TiB, default 32 MiB
         * @return this builder
         */
        public Builder maxInFlightBytes(long maxInFlightBytes) {
            this.maxInFlightBytes = maxInFlightBytes;
            return this;
        }

        /**
         * Gives each message that has none a random id in the header {@code x-message-id} (32 lower-case hex digits), so that consumers can tell a
         * duplicate. Off by default: it costs about a microsecond and 44 bytes per message.
         *
         * @param messageId default false
         * @return this builder
         */
        public Builder messageId(boolean messageId) {
            this.messageId = messageId;
            return this;
        }

        /**
         * Sends a message whose outcome is unknown once more within its timeout, marked by the header {@code x-possible-duplicate: 1}. Makes
         * duplicates likelier than losses, and gives up the order behind the message.
         *
         * @param retryUnknown default false
         * @return this builder
         */
        public Builder retryUnknown(boolean retryUnknown) {
            this.retryUnknown = retryUnknown;
            return this;
        }

        /**
         * Sets where this producer logs.
         *
         * @param logger default the client's
         * @return this builder
         */
        public Builder logger(System.Logger logger) {
            this.logger = Objects.requireNonNull(logger, "logger");
            return this;
        }

        /**
         * Sets who traces this producer's messages.
         *
         * @param tracer default the client's
         * @return this builder
         */
        public Builder tracer(MessageTracer tracer) {
            this.tracer = Objects.requireNonNull(tracer, "tracer");
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
            checks.range("maxInFlight", maxInFlight, 1, 10_000_000);
            checks.range("maxInFlightBytes", maxInFlightBytes, 1, 1L << 40);
            checks.done();
            return new ProducerOptions(this);
        }
    }
}
