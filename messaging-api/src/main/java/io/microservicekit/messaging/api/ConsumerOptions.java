package io.microservicekit.messaging.api;

import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The options of a consumer. Immutable. */
public final class ConsumerOptions {
    private static final ConsumerOptions DEFAULTS = builder().build();

    private final RetryPolicy retry;
    private final ExhaustedPolicy exhausted;
    private final @Nullable String deadLetterTopic;
    private final @Nullable MessageProducer deadLetterProducer;
    private final OrderingMode ordering;
    private final int concurrency;
    private final int maxInFlight;
    private final long maxInFlightBytes;
    private final int maxUncommitted;
    private final StartPosition startPosition;

    private ConsumerOptions(Builder builder) {
        this.retry = builder.retry;
        this.exhausted = builder.exhausted == null ? ExhaustedPolicy.BLOCK : builder.exhausted;
        this.deadLetterTopic = builder.deadLetterTopic;
        this.deadLetterProducer = builder.deadLetterProducer;
        this.ordering = builder.ordering;
        this.concurrency = builder.concurrency;
        this.maxInFlight = builder.maxInFlight;
        this.maxInFlightBytes = builder.maxInFlightBytes;
        this.maxUncommitted = builder.maxUncommitted;
        this.startPosition = builder.startPosition;
    }

    /**
     * The defaults.
     *
     * @return the one instance with default values
     */
    public static ConsumerOptions defaults() {
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
     * How failed messages are tried again.
     *
     * @return the policy, default {@link RetryPolicy#none()}
     */
    public RetryPolicy retry() {
        return retry;
    }

    /**
     * What becomes of exhausted messages when there is no dead-letter topic.
     *
     * @return the policy, default {@link ExhaustedPolicy#BLOCK}
     */
    public ExhaustedPolicy exhausted() {
        return exhausted;
    }

    /**
     * Where exhausted messages go.
     *
     * @return the topic (or queue), null when there is none
     */
    public @Nullable String deadLetterTopic() {
        return deadLetterTopic;
    }

    /**
     * Who sends dead letters.
     *
     * @return the caller's producer, null for one of the client's own
     */
    public @Nullable MessageProducer deadLetterProducer() {
        return deadLetterProducer;
    }

    /**
     * Which messages are handled one after the other.
     *
     * @return the mode, default {@link OrderingMode#PARTITION}
     */
    public OrderingMode ordering() {
        return ordering;
    }

    /**
     * How many handlers run at once.
     *
     * @return 1 or more, default 16
     */
    public int concurrency() {
        return concurrency;
    }

    /**
     * How many received messages may be unfinished before the intake pauses.
     *
     * @return 1 or more, default 10,000
     */
    public int maxInFlight() {
        return maxInFlight;
    }

    /**
     * How many bytes of keys and values may be unfinished before the intake pauses.
     *
     * @return 1 or more, default 64 MiB
     */
    public long maxInFlightBytes() {
        return maxInFlightBytes;
    }

    /**
     * How many messages per partition may be handled but not yet committed at the broker: together with the running handlers the bound of
     * duplicates after a crash.
     *
     * @return 1 or more, default 100,000
     */
    public int maxUncommitted() {
        return maxUncommitted;
    }

    /**
     * Where a group that has never committed begins.
     *
     * @return the position, default {@link StartPosition#NEWEST}
     */
    public StartPosition startPosition() {
        return startPosition;
    }

    /** Collects consumer options. Not thread-safe. */
    public static final class Builder {
        private RetryPolicy retry = RetryPolicy.none();
        private @Nullable ExhaustedPolicy exhausted;
        private @Nullable String deadLetterTopic;
        private @Nullable MessageProducer deadLetterProducer;
        private OrderingMode ordering = OrderingMode.PARTITION;
        private int concurrency = 16;
        private int maxInFlight = 10_000;
        private long maxInFlightBytes = 64L << 20;
        private int maxUncommitted = 100_000;
        private StartPosition startPosition = StartPosition.NEWEST;

        private Builder() {}

        /**
         * Sets how failed messages are tried again.
         *
         * @param retry the policy, default {@link RetryPolicy#none()}
         * @return this builder
         */
        public Builder retry(RetryPolicy retry) {
            this.retry = Objects.requireNonNull(retry, "retry");
            return this;
        }

        /**
         * Sets what becomes of exhausted messages; contradicts a dead-letter queue.
         *
         * @param exhausted the policy, default {@link ExhaustedPolicy#BLOCK}
         * @return this builder
         */
        public Builder exhausted(ExhaustedPolicy exhausted) {
            this.exhausted = Objects.requireNonNull(exhausted, "exhausted");
            return this;
        }

        /**
         * Sends exhausted messages to a dead-letter topic through a producer of the client's own. The source is acknowledged only after the dead
         * letter is confirmed; until then its lane is held and the dead letter is tried again (1 s to 30 s back-off).
         *
         * @param topic the topic (a queue on RabbitMQ), not empty
         * @return this builder
         */
        public Builder deadLetterQueue(String topic) {
            this.deadLetterTopic = Objects.requireNonNull(topic, "topic");
            this.deadLetterProducer = null;
            return this;
        }

        /**
         * As {@link #deadLetterQueue(String)}, through the caller's producer, which stays the caller's to close, after the consumer.
         *
         * @param topic the topic (a queue on RabbitMQ), not empty
         * @param producer the producer
         * @return this builder
         */
        public Builder deadLetterQueue(String topic, MessageProducer producer) {
            this.deadLetterTopic = Objects.requireNonNull(topic, "topic");
            this.deadLetterProducer = Objects.requireNonNull(producer, "producer");
            return this;
        }

        /**
         * Sets which messages are handled one after the other.
         *
         * @param ordering the mode, default {@link OrderingMode#PARTITION}
         * @return this builder
         */
        public Builder ordering(OrderingMode ordering) {
            this.ordering = Objects.requireNonNull(ordering, "ordering");
            return this;
        }

        /**
         * Bounds how many handlers run at once.
         *
         * @param concurrency from 1 to 10,000, default 16
         * @return this builder
         */
        public Builder concurrency(int concurrency) {
            this.concurrency = concurrency;
            return this;
        }

        /**
         * Bounds how many received messages may be unfinished before the intake pauses; a batch under way may exceed it.
         *
         * @param maxInFlight from 1 to 10,000,000, default 10,000
         * @return this builder
         */
        public Builder maxInFlight(int maxInFlight) {
            this.maxInFlight = maxInFlight;
            return this;
        }

        /**
         * Bounds how many bytes of keys and values may be unfinished before the intake pauses; a batch under way may exceed it.
         *
         * @param maxInFlightBytes from 1 to 1 TiB, default 64 MiB
         * @return this builder
         */
        public Builder maxInFlightBytes(long maxInFlightBytes) {
            this.maxInFlightBytes = maxInFlightBytes;
            return this;
        }

        /**
         * Bounds how many messages per partition may be handled but not yet committed at the broker; at the bound the partition waits for the
         * commit. Duplicates after a crash are at most this many per partition plus the running handlers.
         *
         * @param maxUncommitted from 1 to 10,000,000, default 100,000
         * @return this builder
         */
        public Builder maxUncommitted(int maxUncommitted) {
            this.maxUncommitted = maxUncommitted;
            return this;
        }

        /**
         * Sets where a group that has never committed begins.
         *
         * @param startPosition the position, default {@link StartPosition#NEWEST}
         * @return this builder
         */
        public Builder startPosition(StartPosition startPosition) {
            this.startPosition = Objects.requireNonNull(startPosition, "startPosition");
            return this;
        }

        /**
         * The options.
         *
         * @return immutable options
         * @throws InvalidConfigurationException INVALID_CONFIG naming all values that are out of range or contradict each other
         */
        public ConsumerOptions build() {
            OptionChecks checks = new OptionChecks("ConsumerOptions");
            checks.range("concurrency", concurrency, 1, 10_000);
            checks.range("maxInFlight", maxInFlight, 1, 10_000_000);
            checks.range("maxInFlightBytes", maxInFlightBytes, 1, 1L << 40);
            checks.range("maxUncommitted", maxUncommitted, 1, 10_000_000);
            checks.require(
                    deadLetterTopic == null || !deadLetterTopic.isBlank(),
                    "deadLetterQueue is blank, must name a topic or queue");
            checks.require(
                    deadLetterTopic == null || exhausted == null,
                    "exhausted(" + exhausted + ") contradicts deadLetterQueue(" + deadLetterTopic
                            + "), set one of them");
            checks.done();
            return new ConsumerOptions(this);
        }
    }
}
