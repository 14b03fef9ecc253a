package io.microservicekit.messaging.api;

import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.trace.MessageTracer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Collects consumer options. Not thread-safe. */
public final class ConsumerOptionsBuilder {
    RetryPolicy retry = RetryPolicy.none();

    @Nullable ExhaustedPolicy exhausted;

    @Nullable String deadLetterTopic;

    @Nullable MessageProducer deadLetterProducer;

    OrderingMode ordering = OrderingMode.PARTITION;
    int concurrency = 16;
    int maxInFlight = 10_000;
    long maxInFlightBytes = 64L << 20;
    int maxUncommitted = 100_000;
    StartPosition startPosition = StartPosition.NEWEST;
    AckMode ackMode = AckMode.AFTER_HANDLER;

    @Nullable Duration handlerTimeout;

    boolean interruptOnTimeout;
    OversizeDeadLetter oversizeDeadLetter = OversizeDeadLetter.PAUSE;
    System.@Nullable Logger logger;

    @Nullable MessageTracer tracer;

    ConsumerOptionsBuilder() {}

    /**
     * Sets how failed messages are tried again.
     *
     * @param retry the policy, default {@link RetryPolicy#none()}
     * @return this builder
     */
    public ConsumerOptionsBuilder retry(RetryPolicy retry) {
        this.retry = Objects.requireNonNull(retry, "retry");
        return this;
    }

    /**
     * Sets what becomes of exhausted messages; contradicts a dead-letter queue.
     *
     * @param exhausted the policy, default {@link ExhaustedPolicy#BLOCK}
     * @return this builder
     */
    public ConsumerOptionsBuilder exhausted(ExhaustedPolicy exhausted) {
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
    public ConsumerOptionsBuilder deadLetterQueue(String topic) {
        this.deadLetterTopic = Objects.requireNonNull(topic, "topic");
        this.deadLetterProducer = null;
        return this;
    }

    /**
     * As {@link #deadLetterQueue(String)}, through the caller's producer, which stays the caller's to close, after the consumer. Where dead letters go
     * another way than messages (RabbitMQ, unless {@code defaultExchange(true)}) it must be a producer that a client has made: making the consumer
     * with any other implementation, a wrapper for example, fails with INVALID_CONFIG.
     *
     * @param topic the topic (a queue on RabbitMQ), not empty
     * @param producer the producer
     * @return this builder
     */
    public ConsumerOptionsBuilder deadLetterQueue(String topic, MessageProducer producer) {
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
    public ConsumerOptionsBuilder ordering(OrderingMode ordering) {
        this.ordering = Objects.requireNonNull(ordering, "ordering");
        return this;
    }

    /**
     * Bounds how many handlers run at once.
     *
     * @param concurrency from 1 to 10,000, default 16
     * @return this builder
     */
    public ConsumerOptionsBuilder concurrency(int concurrency) {
        this.concurrency = concurrency;
        return this;
    }

    /**
     * Bounds how many received messages may be unfinished before the intake pauses; a batch under way may exceed it.
     *
     * @param maxInFlight from 1 to 10,000,000, default 10,000
     * @return this builder
     */
    public ConsumerOptionsBuilder maxInFlight(int maxInFlight) {
        this.maxInFlight = maxInFlight;
        return this;
    }

    /**
     * Bounds how many bytes of keys, values and headers may be unfinished before the intake pauses; a batch under way may exceed it.
     *
     * @param maxInFlightBytes from 1 to 1 TiB, default 64 MiB
     * @return this builder
     */
    public ConsumerOptionsBuilder maxInFlightBytes(long maxInFlightBytes) {
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
    public ConsumerOptionsBuilder maxUncommitted(int maxUncommitted) {
        this.maxUncommitted = maxUncommitted;
        return this;
    }

    /**
     * Sets where a group that has never committed begins.
     *
     * @param startPosition the position, default {@link StartPosition#NEWEST}
     * @return this builder
     */
    public ConsumerOptionsBuilder startPosition(StartPosition startPosition) {
        this.startPosition = Objects.requireNonNull(startPosition, "startPosition");
        return this;
    }

    /**
     * Sets who acknowledges handled messages.
     *
     * @param ackMode the mode, default {@link AckMode#AFTER_HANDLER}
     * @return this builder
     */
    public ConsumerOptionsBuilder ackMode(AckMode ackMode) {
        this.ackMode = Objects.requireNonNull(ackMode, "ackMode");
        return this;
    }

    /**
     * Reports a handler as hanging that runs longer: by an event and in the health. Its lane stays occupied until the call returns, and only its
     * return or exception counts.
     *
     * @param handlerTimeout from 1 ms to 1 day, default none
     * @return this builder
     */
    public ConsumerOptionsBuilder handlerTimeout(Duration handlerTimeout) {
        this.handlerTimeout = Objects.requireNonNull(handlerTimeout, "handlerTimeout");
        return this;
    }

    /**
     * Also interrupts the thread of a handler that exceeds {@link #handlerTimeout(Duration)}, once per call of the handler; needs that option.
     *
     * @param interruptOnTimeout default false
     * @return this builder
     */
    public ConsumerOptionsBuilder interruptOnTimeout(boolean interruptOnTimeout) {
        this.interruptOnTimeout = interruptOnTimeout;
        return this;
    }

    /**
     * Sets what becomes of a dead letter that is too large for its destination even when the library's headers are cut to the five of the format.
     *
     * @param oversizeDeadLetter the choice, default {@link OversizeDeadLetter#PAUSE}
     * @return this builder
     */
    public ConsumerOptionsBuilder oversizeDeadLetter(OversizeDeadLetter oversizeDeadLetter) {
        this.oversizeDeadLetter = Objects.requireNonNull(oversizeDeadLetter, "oversizeDeadLetter");
        return this;
    }

    /**
     * Sets where this consumer logs.
     *
     * @param logger default the client's
     * @return this builder
     */
    public ConsumerOptionsBuilder logger(System.Logger logger) {
        this.logger = Objects.requireNonNull(logger, "logger");
        return this;
    }

    /**
     * Sets who traces this consumer's messages.
     *
     * @param tracer default the client's
     * @return this builder
     */
    public ConsumerOptionsBuilder tracer(MessageTracer tracer) {
        this.tracer = Objects.requireNonNull(tracer, "tracer");
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
        checks.name("deadLetterQueue", deadLetterTopic);
        checks.require(
                deadLetterTopic == null || exhausted == null,
                "exhausted(" + exhausted + ") contradicts deadLetterQueue(" + Shown.text(deadLetterTopic)
                        + "), set one of them");
        Duration timeout = handlerTimeout;
        if (timeout != null) {
            checks.range("handlerTimeout", timeout, Duration.ofMillis(1), Duration.ofDays(1));
        }
        checks.require(
                timeout != null || !interruptOnTimeout, "interruptOnTimeout needs handlerTimeout, which is not set");
        checks.done();
        return new ConsumerOptions(this);
    }
}
