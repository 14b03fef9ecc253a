package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidMessageException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.core.internal.shared.Lifecycle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A producer: checks before the driver is called, times and reports each send, blocks only at the edge. */
final class CoreProducer implements MessageProducer {
    /** What a blocking send waits beyond its timeout for the adapter, which knows the outcome better. */
    private static final Duration GRACE = Duration.ofMillis(250);

    private final ClientParts parts;
    private final ProducerOptions options;
    private final BackendProducer backend;
    private final Consumer<CoreProducer> onClose;
    private final Lifecycle lifecycle = new Lifecycle();
    private final CompletableFuture<Long> closed;

    CoreProducer(ClientParts parts, ProducerOptions options, Consumer<CoreProducer> onClose) {
        this.parts = parts;
        this.options = options;
        this.onClose = onClose;
        this.backend = parts.backend().producer();
        this.closed = parts.runtime().future();
    }

    @Override
    public SendResult send(Message message) {
        return send(message, options.sendTimeout());
    }

    @Override
    public SendResult send(Message message, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new SendException(
                    ErrorCode.TIMEOUT,
                    SendOutcome.NOT_DELIVERED,
                    "Sending to " + topicOf(message) + " was not tried: the timeout is " + timeout
                            + ", must be more than zero.",
                    null);
        }
        MessagingException refused = check(message);
        if (refused != null) {
            throw refused;
        }
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
        return observed(deadLetter, start, backend.sendDeadLetter(deadLetter, options.sendTimeout()));
    }

    private CompletableFuture<SendResult> dispatch(Message message, Duration timeout) {
        long start = parts.runtime().nanoTime();
        return observed(message, start, backend.send(message, timeout));
    }

    /** A future of its own: one derived by the library's methods would hand users a CompletionException around the error. */
    private CompletableFuture<SendResult> observed(Message message, long start, CompletableFuture<SendResult> sent) {
        CompletableFuture<SendResult> observed = parts.runtime().future();
        CompletableFuture<?> unused = sent.whenComplete((result, error) -> {
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
            return new ClosedException(
                    ErrorCode.PRODUCER_CLOSED,
                    "Sending to " + topicOf(message) + " was not tried: the producer is closed. Make a new one.");
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
            CompletableFuture<?> unused = backend.close(limit).whenComplete((unconfirmed, error) -> {
                lifecycle.closed();
                onClose.accept(this);
                closed.complete(error == null ? unconfirmed : 0L);
            });
        }
        return closed;
    }

    @Override
    public void close() {
        new Edge(parts.runtime())
                .shutdown(
                        options.sendTimeout(),
                        limit -> closeAsync(limit)
                                .thenApply(unconfirmed ->
                                        new ShutdownReport(0, 0, List.of(), unconfirmed, Duration.ZERO)));
    }
}
