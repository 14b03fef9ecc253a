package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.ExhaustedPolicy;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.TopicNames;
import io.microservicekit.messaging.api.trace.MessageTracer;
import io.microservicekit.messaging.core.internal.engine.DeadLetterSender;
import io.microservicekit.messaging.core.internal.engine.EngineParts;
import io.microservicekit.messaging.core.internal.engine.SubscriptionEngine;
import io.microservicekit.messaging.core.internal.shared.Latest;
import io.microservicekit.messaging.core.internal.shared.Lifecycle;
import io.microservicekit.messaging.core.internal.shared.Slot;
import io.microservicekit.messaging.core.internal.trace.Tracing;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A consumer of a group: at most one subscription at a time, and its own dead-letter producer if it needs one. */
final class CoreConsumer implements MessageConsumer {
    private final ClientParts parts;
    private final String group;
    private final ConsumerOptions options;
    private final Membership<CoreConsumer> membership;
    private final System.Logger logger;
    private final Lifecycle lifecycle = new Lifecycle();
    private final Slot<CoreSubscription> running = new Slot<>();
    private final Latest<Optional<SubscriptionQuestion.Subject>> newest = new Latest<>(Optional.empty());
    private final Tracing tracing;
    private final @Nullable CoreProducer ownDeadLetters;

    CoreConsumer(ClientParts parts, String group, ConsumerOptions options, Membership<CoreConsumer> membership) {
        this.parts = parts;
        this.group = group;
        this.options = options;
        this.membership = membership;
        this.logger = GuardedLogger.of(Objects.requireNonNullElse(options.logger(), parts.logger()));
        boolean own = options.deadLetterTopic() != null && options.deadLetterProducer() == null;
        this.tracing = parts.tracing().or(options.tracer());
        this.ownDeadLetters = own ? new CoreProducer(parts, deadLetterOptions(), producer -> {}) : null;
    }

    private ProducerOptions deadLetterOptions() {
        ProducerOptions.Builder own = ProducerOptions.builder().logger(logger);
        MessageTracer tracer = options.tracer();
        return (tracer == null ? own : own.tracer(tracer)).build();
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public Subscription subscribe(List<String> topics, MessageHandler handler) {
        check(topics, handler);
        CoreSubscription subscription =
                new CoreSubscription(parts.runtime(), "group '" + group + "' to " + topics, running::free);
        if (!running.take(subscription)) {
            throw new InvalidConfigurationException(
                    ErrorCode.ALREADY_CONSUMING,
                    "Subscribing group '" + group + "' to " + topics
                            + " was not tried: this consumer has a running subscription. Close it first, or make another consumer.");
        }
        try {
            subscription.start(engine(topics, handler));
        } catch (RuntimeException | Error e) {
            subscription.neverStarted();
            running.free(subscription);
            throw e;
        }
        if (!lifecycle.isRunning()) {
            subscription.abort();
            throw closed();
        }
        newest.set(Optional.of(new SubscriptionQuestion.Subject(group, topics, subscription)));
        return subscription;
    }

    /** Whether it is consuming a topic in a group. */
    boolean subscribes(String ofGroup, String topic) {
        return running.content() != null
                && group.equals(ofGroup)
                && newest.get()
                        .filter(subject -> subject.topics().contains(topic))
                        .isPresent();
    }

    /** Asks the newest subscription how it is, also when it has ended; nothing when there was none. */
    Optional<SubscriptionQuestion> ask(long now) {
        return newest.get().map(subject -> subject.ask(now));
    }

    private ClosedException closed() {
        return parts.closed(ErrorCode.CONSUMER_CLOSED, "Subscribing group '" + group + "'");
    }

    private void check(List<String> topics, MessageHandler handler) {
        if (!lifecycle.isRunning()) {
            throw closed();
        }
        Names.checkTopics("Subscribing group '" + Shown.text(group) + "'", topics);
        if (handler == null) {
            throw new InvalidConfigurationException(
                    ErrorCode.NIL_HANDLER,
                    "Subscribing group '" + group + "' to " + topics + " was not tried: the handler is null.");
        }
        checkDeadLetters(topics);
    }

    /** What comes back to it is written again, and what cannot be written is tried again, for ever. */
    private void checkDeadLetters(List<String> topics) {
        String deadLetters = options.deadLetterTopic();
        if (deadLetters != null && topics.contains(deadLetters)) {
            throw new InvalidConfigurationException(
                    ErrorCode.INVALID_CONFIG,
                    "Subscribing group '" + group + "' to " + topics + " was not tried: '" + deadLetters
                            + "' is its own dead-letter topic, so that what cannot be handled would go round for ever."
                            + " Consume dead letters by another consumer, with another dead-letter topic or none.");
        }
        if (deadLetters != null && !TopicNames.isValid(deadLetters)) {
            throw new InvalidConfigurationException(
                    ErrorCode.INVALID_CONFIG,
                    "Subscribing group '" + group + "' to " + topics
                            + " was not tried: nothing can be sent to its dead-letter topic '" + Shown.text(deadLetters)
                            + "'. " + TopicNames.RULE);
        }
    }

    @Override
    public void commit(ReceivedMessage message) {
        new ManualCommit(parts.runtime(), group, options.ackMode()).commit(message, running.content());
    }

    private SubscriptionEngine engine(List<String> topics, MessageHandler handler) {
        ConsumerSpec spec = new ConsumerSpec(
                group,
                topics,
                options.startPosition(),
                options.ordering(),
                options.concurrency(),
                options.maxUncommitted(),
                options.deadLetterTopic(),
                discards(),
                logger);
        EngineParts engineParts = new EngineParts(
                group,
                group,
                parts.runtime(),
                parts.control(),
                options,
                tracing.around(handler),
                deadLetters(),
                parts.observer(),
                logger);
        return new SubscriptionEngine(
                engineParts, listener -> tracing.around(parts.backend().consumer(spec, listener)));
    }

    private boolean discards() {
        return options.exhausted() == ExhaustedPolicy.DISCARD
                && options.deadLetterTopic() == null
                && options.retry().maxRetries() == 0;
    }

    private DeadLetterSender deadLetters() {
        MessageProducer users = options.deadLetterProducer();
        if (users instanceof CoreProducer core) {
            return core::sendDeadLetter;
        }
        return users != null
                ? users::sendAsync
                : deadLetter -> Objects.requireNonNull(ownDeadLetters, "a dead-letter topic has a producer")
                        .sendDeadLetter(deadLetter);
    }

    /** Closes the subscription, if any; completes when the broker was told what is finished. */
    CompletableFuture<ShutdownReport> stopConsuming(Duration deadline) {
        lifecycle.beginClosing();
        CoreSubscription subscription = running.content();
        return subscription == null
                ? CompletableFuture.completedFuture(ShutdownReport.nothing())
                : subscription.closeAsync(deadline);
    }

    /** Ends the subscription, if any, for all who wait for it, whatever hangs. */
    void abandon() {
        CoreSubscription subscription = running.content();
        if (subscription != null) {
            subscription.abandon();
        }
    }

    /** How many dead letters of its own producer have no outcome, or failed after that began to close. */
    long unconfirmedDeadLetters() {
        return ownDeadLetters == null ? 0 : ownDeadLetters.unconfirmedSends();
    }

    /** Closes the dead-letter producer, which must outlive the subscription. */
    CompletableFuture<Long> closeDeadLetters(Duration limit) {
        return (ownDeadLetters == null ? CompletableFuture.completedFuture(0L) : ownDeadLetters.closeAsync(limit))
                .whenComplete((unconfirmed, error) -> {
                    lifecycle.closed();
                    membership.left(this);
                });
    }

    /** Shortens a close of the dead-letter producer that is under way. */
    void hurryDeadLetters(Duration limit) {
        if (ownDeadLetters != null) {
            ownDeadLetters.hurry(limit);
        }
    }

    /** A deadline that is shorter than the flush of dead letters takes shortens that too. */
    CompletableFuture<ShutdownReport> closeAsync(Duration deadline) {
        Duration flush = ProducerOptions.defaults().sendTimeout();
        Duration limit = deadline.compareTo(flush) < 0 ? deadline : flush;
        return stopConsuming(deadline)
                .thenCompose(report ->
                        closeDeadLetters(limit).thenApply(unconfirmed -> report.plus(unconfirmed(unconfirmed))));
    }

    private static ShutdownReport unconfirmed(long deadLetters) {
        return new ShutdownReport(0, 0, List.of(), 0, deadLetters, 0, Duration.ZERO);
    }

    @Override
    public void close() {
        if (!membership.closesClient(Limits.FOREVER)) {
            new Edge(parts.runtime()).shutdown(Limits.FOREVER, this::closeAsync);
        }
    }
}
