package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.ProducerHealth;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidMessageException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import io.microservicekit.messaging.core.internal.engine.Answer;
import io.microservicekit.messaging.core.internal.shared.Lifecycle;
import io.microservicekit.messaging.core.internal.shared.PendingCount;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A producer: checks before the driver is called, times and reports each send, blocks only at the edge. */
final class CoreProducer implements MessageProducer {
    /** What a blocking send waits beyond its timeout for the adapter, which knows the outcome better. */
    private static final Duration GRACE = Duration.ofMillis(250);

    private final ClientParts parts;
    private final ProducerOptions options;
    private final BackendProducer backend;
    private final Membership<CoreProducer> membership;
    private final Lifecycle lifecycle = new Lifecycle();
    private final PendingCount pending = new PendingCount();
    private final CompletableFuture<Long> closed;

    CoreProducer(ClientParts parts, ProducerOptions options, Membership<CoreProducer> membership) {
        this.parts = parts;
        this.options = options;
        this.membership = membership;
        System.Logger logger = Objects.requireNonNullElse(options.logger(), parts.logger());
        ProducerSpec spec =
                new ProducerSpec(options.sendTimeout(), options.maxInFlight(), options.maxInFlightBytes(), logger);
        this.backend =
                parts.tracing().or(options.tracer()).around(parts.backend().producer(spec));
        this.closed = parts.runtime().future();
    }

    @Override
    public SendResult send(Message message) {
        return send(message, options.sendTimeout());
    }

    @Override
    public SendResult send(Message message, Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        MessagingException refused = check(message);
        if (refused == null) {
            refused = checkWait(message, timeout);
        }
        if (refused != null) {
            throw refused;
        }
        return await(message, Limits.within(timeout));
    }

    private SendResult await(Message message, Duration timeout) {
        try {
            return parts.runtime().await(dispatch(message, timeout), timeout.plus(GRACE));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(ErrorCode.SEND_MESSAGE, message, "the thread was interrupted while it waited", e);
        } catch (TimeoutException e) {
            throw unknown(ErrorCode.TIMEOUT, message, "no confirmation came within " + timeout, e);
        } catch (ExecutionException e) {
            throw asMessagingException(message, e.getCause() == null ? e : e.getCause());
        }
    }

    /** Whether this thread may wait, and so long; asked before anything is sent. */
    private @Nullable MessagingException checkWait(Message message, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            return notTried(ErrorCode.TIMEOUT, message, "the timeout is " + timeout + ", must be more than zero");
        }
        Place here = parts.runtime().place();
        return here == Place.LOOP || here == Place.IO
                ? notTried(
                        ErrorCode.SEND_MESSAGE,
                        message,
                        "thread " + Thread.currentThread().getName()
                                + " belongs to the client and must not wait; use sendAsync, or another executor")
                : null;
    }

    private static SendException notTried(ErrorCode code, Message message, String why) {
        return new SendException(
                code,
                SendOutcome.NOT_DELIVERED,
                "Sending to " + topicOf(message) + " was not tried: " + why + ".",
                null);
    }

    @Override
    public CompletableFuture<SendResult> sendAsync(Message message) {
        MessagingException refused = check(message);
        if (refused != null) {
            CompletableFuture<SendResult> failed = parts.runtime().future();
            failed.completeExceptionally(refused);
            return failed;
        }
        return dispatch(message, options.sendTimeout());
    }

    /** Sends a dead letter the way the backend wants dead letters to go. */
    CompletableFuture<SendResult> sendDeadLetter(Message deadLetter) {
        long start = parts.runtime().nanoTime();
        return observed(deadLetter, start, Answer.of(() -> backend.sendDeadLetter(deadLetter, options.sendTimeout())));
    }

    private CompletableFuture<SendResult> dispatch(Message message, Duration timeout) {
        long start = parts.runtime().nanoTime();
        return observed(message, start, Answer.of(() -> backend.send(message, timeout)));
    }

    /** A future of its own: one derived by the library's methods would hand users a CompletionException around the error. */
    private CompletableFuture<SendResult> observed(Message message, long start, CompletableFuture<SendResult> sent) {
        CompletableFuture<SendResult> observed = parts.runtime().future();
        pending.begun();
        CompletableFuture<?> unused = sent.whenComplete((result, error) -> {
            pending.ended();
            if (error == null) {
                parts.observer().sent(result, parts.runtime().nanoTime() - start);
                observed.complete(result);
            } else {
                MessagingException failure = asMessagingException(message, error);
                parts.observer().sendFailed(message.topic(), failure);
                observed.completeExceptionally(failure);
            }
        });
        return observed;
    }

    private @Nullable MessagingException check(@Nullable Message message) {
        if (!lifecycle.isRunning()) {
            return parts.closed(ErrorCode.PRODUCER_CLOSED, "Sending to " + topicOf(message));
        }
        if (message == null) {
            return new InvalidMessageException(
                    ErrorCode.NIL_MESSAGE,
                    "Sending was not tried: the message is null. Make one with Message.builder(topic).");
        }
        if (message.topic().isBlank()) {
            return new InvalidMessageException(
                    ErrorCode.EMPTY_TOPIC, "Sending was not tried: the topic is blank. Give Message.builder a topic.");
        }
        return null;
    }

    private static String topicOf(@Nullable Message message) {
        return message == null ? "no topic" : "topic '" + message.topic() + "'";
    }

    private static MessagingException asMessagingException(Message message, Throwable error) {
        return error instanceof MessagingException own
                ? own
                : unknown(
                        ErrorCode.SEND_MESSAGE,
                        message,
                        "of " + error.getClass().getName(),
                        error);
    }

    private static SendException unknown(ErrorCode code, Message message, String why, Throwable cause) {
        return new SendException(
                code,
                SendOutcome.UNKNOWN,
                "Sending to " + topicOf(message) + " has an unknown outcome: " + why
                        + ". Sending it again may make a duplicate.",
                cause);
    }

    /** Closes without blocking; completes with the number of sends that ended without a confirmation. */
    CompletableFuture<Long> closeAsync(Duration limit) {
        if (lifecycle.beginClosing()) {
            CompletableFuture<?> unused = Answer.of(() -> backend.close(limit)).whenComplete((unconfirmed, error) -> {
                lifecycle.closed();
                membership.left(this);
                closed.complete(error == null ? unconfirmed : pendingSends());
            });
        }
        return closed;
    }

    /** Shortens a close that is under way. */
    void hurry(Duration limit) {
        if (!closed.isDone()) {
            CompletableFuture<?> unused = Answer.of(() -> backend.close(limit));
        }
    }

    /** How many sends have no outcome yet. */
    long pendingSends() {
        return pending.get();
    }

    /** How it is. */
    ProducerHealth health() {
        return new ProducerHealth(pendingSends(), Duration.ZERO);
    }

    Duration sendTimeout() {
        return options.sendTimeout();
    }

    @Override
    public void close() {
        if (membership.closesClient(options.sendTimeout())) {
            return;
        }
        new Edge(parts.runtime())
                .shutdown(
                        options.sendTimeout(),
                        limit -> closeAsync(limit)
                                .thenApply(unconfirmed ->
                                        new ShutdownReport(0, 0, List.of(), unconfirmed, Duration.ZERO)));
    }
}
