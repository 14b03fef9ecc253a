package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.ProducerHealth;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.message.BatchResult;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidMessageException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import io.microservicekit.messaging.core.internal.engine.Answer;
import io.microservicekit.messaging.core.internal.engine.ReasonText;
import io.microservicekit.messaging.core.internal.shared.Lifecycle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A producer: checks in their order before the driver is called, blocks only at the edge, closes once. */
final class CoreProducer implements MessageProducer {
    private final ClientParts parts;
    private final ProducerOptions options;
    private final BackendProducer backend;
    private final SendPath path;
    private final Outgoing outgoing;
    private final System.Logger logger;
    private final Membership<CoreProducer> membership;
    private final Lifecycle lifecycle = new Lifecycle();
    private final CompletableFuture<Long> closed;

    CoreProducer(ClientParts parts, ProducerOptions options, Membership<CoreProducer> membership) {
        this.parts = parts;
        this.options = options;
        this.membership = membership;
        this.logger = GuardedLogger.of(Objects.requireNonNullElse(options.logger(), parts.logger()));
        ProducerSpec spec =
                new ProducerSpec(options.sendTimeout(), options.maxInFlight(), options.maxInFlightBytes(), logger);
        this.backend =
                parts.tracing().or(options.tracer()).around(parts.backend().producer(spec), MessageChecks::problem);
        this.path = new SendPath(parts, options, backend, lifecycle);
        this.outgoing = new Outgoing(options, parts.runtime());
        this.closed = parts.runtime().future();
    }

    @Override
    public SendResult send(Message message) {
        return send(message, options.sendTimeout());
    }

    @Override
    public SendResult send(Message message, Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        throwIfPresent(check(message));
        Message sent = outgoing.of(message);
        throwIfPresent(backend.refusal(sent));
        if (!mayWait(timeout)) {
            throw refusedWait("Sending to " + SendErrors.topicOf(message), timeout);
        }
        return sendWithin(sent, Limits.within(timeout));
    }

    private SendResult sendWithin(Message message, Duration timeout) {
        long bytes = message.sizeBytes();
        if (path.takeRoom(bytes)) {
            return path.await(message, path.handOver(message, bytes, timeout), timeout);
        }
        Duration left = path.awaitRoom(message, bytes, timeout);
        return path.await(message, path.handOver(message, bytes, left), left);
    }

    @Override
    public CompletableFuture<SendResult> sendAsync(Message message) {
        MessagingException refused = check(message);
        if (refused != null) {
            return path.failed(refused);
        }
        Message sent = outgoing.of(message);
        refused = backend.refusal(sent);
        if (refused != null) {
            return path.failed(refused);
        }
        long bytes = sent.sizeBytes();
        return path.takeRoom(bytes) ? path.handOver(sent, bytes, options.sendTimeout()) : path.refusedForRoom(sent);
    }

    @Override
    public BatchResult sendBatch(List<Message> messages) {
        return sendBatch(messages, options.sendTimeout());
    }

    @Override
    public BatchResult sendBatch(List<Message> messages, Duration timeout) {
        Objects.requireNonNull(messages, "messages");
        Objects.requireNonNull(timeout, "timeout");
        String what = "Sending a batch of " + messages.size() + " messages";
        throwIfPresent(checkRunning(what));
        List<Message> sent = checked(what, messages);
        if (sent.isEmpty()) {
            return new BatchResult(List.of());
        }
        if (!mayWait(timeout)) {
            throw refusedWait(what, timeout);
        }
        return new BatchSending(path, sent, Limits.within(timeout)).send();
    }

    /** All of them as they are sent, in a list of our own; or one error that names all that are wrong. */
    private List<Message> checked(String what, List<Message> messages) {
        List<Message> sent = new ArrayList<>(messages.size());
        Violations violations = new Violations(what);
        for (Message message : messages) {
            MessagingException problem = MessageChecks.problem(message);
            Message decorated = problem == null ? outgoing.of(message) : message;
            violations.add(problem == null ? backend.refusal(decorated) : problem);
            sent.add(decorated);
        }
        throwIfPresent(violations.error());
        return sent;
    }

    /** Whether this thread may wait, and so long; asked before anything is sent. */
    private boolean mayWait(Duration timeout) {
        Place here = parts.runtime().place();
        return !timeout.isNegative()
                && !timeout.isZero()
                && !Thread.currentThread().isInterrupted()
                && here != Place.LOOP
                && here != Place.IO;
    }

    private static SendException refusedWait(String what, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            return SendErrors.notTried(
                    ErrorCode.TIMEOUT, what, "the timeout is " + timeout + ", must be more than zero.", null);
        }
        return Thread.currentThread().isInterrupted()
                ? SendErrors.interrupted(what, null)
                : SendErrors.notTried(
                        ErrorCode.SEND_MESSAGE,
                        what,
                        "thread " + Thread.currentThread().getName()
                                + " belongs to the client and must not wait; use sendAsync, or another executor.",
                        null);
    }

    /** Sends a dead letter the way the backend wants dead letters to go. Whatever names its headers have, its broker has written them before. */
    CompletableFuture<SendResult> sendDeadLetter(Message deadLetter) {
        MessagingException refused = MessageChecks.topicProblem(deadLetter.topic());
        if (refused == null) {
            refused = backend.deadLetterRefusal(deadLetter);
        }
        return refused == null ? path.handOverDeadLetter(deadLetter) : path.failed(refused);
    }

    private @Nullable MessagingException check(@Nullable Message message) {
        MessagingException stopped =
                lifecycle.isRunning() ? null : checkRunning("Sending to " + SendErrors.topicOf(message));
        return stopped == null ? MessageChecks.problem(message) : stopped;
    }

    private @Nullable MessagingException checkRunning(String what) {
        return lifecycle.isRunning() ? null : parts.closed(ErrorCode.PRODUCER_CLOSED, what);
    }

    private static void throwIfPresent(@Nullable MessagingException error) {
        if (error != null) {
            throw error;
        }
    }

    /** Closes without blocking, a second time by a shorter limit; completes with the number of sends that ended without a confirmation. */
    CompletableFuture<Long> closeAsync(Duration limit) {
        if (lifecycle.beginClosing()) {
            path.close();
            CompletableFuture<?> unused = Answer.of(() -> backend.close(limit)).whenComplete((unconfirmed, error) -> {
                lifecycle.closed();
                membership.left(this);
                ended(error == null ? unconfirmed : unconfirmedSends());
            });
        } else {
            hurry(limit);
        }
        return closed;
    }

    private void ended(long unconfirmed) {
        if (unconfirmed > 0) {
            logger.log(
                    System.Logger.Level.WARNING,
                    "A producer was closed before " + unconfirmed
                            + " of its sends were confirmed; each has failed, and its"
                            + " error tells whether the message may be at the broker. Close with a longer limit to wait for them.");
        }
        closed.complete(unconfirmed);
    }

    /** Shortens a close that is under way. */
    void hurry(Duration limit) {
        if (!closed.isDone()) {
            CompletableFuture<?> unused = Answer.of(() -> backend.close(limit));
        }
    }

    /** How many sends have no outcome yet. */
    long pendingSends() {
        return path.pending();
    }

    /** How many sends have no outcome yet, or failed after the close began. */
    long unconfirmedSends() {
        return path.unconfirmed();
    }

    /** How it is. */
    ProducerHealth health() {
        String impediment = backend.impediment();
        return new ProducerHealth(
                pendingSends(), path.oldest(), impediment == null ? null : ReasonText.printable(impediment));
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
                                        new ShutdownReport(0, 0, List.of(), 0, unconfirmed, 0, Duration.ZERO)));
    }

    /** What is wrong with the messages of a batch, by index. */
    private static final class Violations {
        private static final int MOST = 100;

        private final String what;
        private final List<String> found = new ArrayList<>();
        private @Nullable ErrorCode first;
        private int index;

        Violations(String what) {
            this.what = what;
        }

        void add(@Nullable MessagingException problem) {
            if (problem != null) {
                first = first == null ? problem.code() : first;
                found.add("messages[" + index + "]: " + problem.getMessage());
            }
            index++;
        }

        @Nullable InvalidMessageException error() {
            if (first == null) {
                return null;
            }
            String more = found.size() > MOST ? " And " + (found.size() - MOST) + " more." : "";
            return new InvalidMessageException(
                    first,
                    what + " was not tried, nothing was sent. "
                            + String.join(" ", found.subList(0, Math.min(MOST, found.size()))) + more);
        }
    }
}
