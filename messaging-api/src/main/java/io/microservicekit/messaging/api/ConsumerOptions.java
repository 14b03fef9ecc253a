package io.microservicekit.messaging.api;

import io.microservicekit.messaging.api.trace.MessageTracer;
import java.time.Duration;
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
    private final AckMode ackMode;
    private final @Nullable Duration handlerTimeout;
    private final boolean interruptOnTimeout;
    private final OversizeDeadLetter oversizeDeadLetter;
    private final System.@Nullable Logger logger;
    private final @Nullable MessageTracer tracer;

    ConsumerOptions(ConsumerOptionsBuilder builder) {
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
        this.ackMode = builder.ackMode;
        this.handlerTimeout = builder.handlerTimeout;
        this.interruptOnTimeout = builder.interruptOnTimeout;
        this.oversizeDeadLetter = builder.oversizeDeadLetter;
        this.logger = builder.logger;
        this.tracer = builder.tracer;
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
    public static ConsumerOptionsBuilder builder() {
        return new ConsumerOptionsBuilder();
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
     * How many bytes of keys, values and headers may be unfinished before the intake pauses.
     *
     * @return 1 or more, default 64 MiB
     */
    public long maxInFlightBytes() {
        return maxInFlightBytes;
    }

    /**
     * How many messages per partition may be handled but not yet committed at the broker: together with the running handlers the bound of
     * duplicates after a crash. In {@link AckMode#MANUAL} messages that the application has not committed yet count too.
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

    /**
     * Who acknowledges handled messages.
     *
     * @return the mode, default {@link AckMode#AFTER_HANDLER}
     */
    public AckMode ackMode() {
        return ackMode;
    }

    /**
     * How long a handler may run until it is reported as hanging.
     *
     * @return the limit, null (the default) for none
     */
    public @Nullable Duration handlerTimeout() {
        return handlerTimeout;
    }

    /**
     * Whether a handler that exceeds {@link #handlerTimeout()} is interrupted.
     *
     * @return true when it is, default false
     */
    public boolean interruptOnTimeout() {
        return interruptOnTimeout;
    }

    /**
     * What becomes of a dead letter that is too large for its destination.
     *
     * @return the choice, default {@link OversizeDeadLetter#PAUSE}
     */
    public OversizeDeadLetter oversizeDeadLetter() {
        return oversizeDeadLetter;
    }

    /**
     * Where the consumer logs.
     *
     * @return its own logger, null for the client's
     */
    public System.@Nullable Logger logger() {
        return logger;
    }

    /**
     * Who traces the consumer's messages.
     *
     * @return its own tracer, null for the client's
     */
    public @Nullable MessageTracer tracer() {
        return tracer;
    }

    /** Every option but the collaborators. */
    @Override
    public String toString() {
        return "ConsumerOptions[retry=" + retry + ", exhausted=" + exhausted + ", deadLetterTopic=" + deadLetterTopic
                + ", ordering=" + ordering + ", concurrency=" + concurrency + ", maxInFlight=" + maxInFlight
                + ", maxInFlightBytes=" + maxInFlightBytes + ", maxUncommitted=" + maxUncommitted + ", startPosition="
                + startPosition + ", ackMode=" + ackMode + ", handlerTimeout=" + handlerTimeout
                + ", interruptOnTimeout=" + interruptOnTimeout + ", oversizeDeadLetter=" + oversizeDeadLetter + "]";
    }
}
