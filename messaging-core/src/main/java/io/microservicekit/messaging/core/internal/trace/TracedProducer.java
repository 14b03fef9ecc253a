package io.microservicekit.messaging.core.internal.trace;

import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.trace.MessageTracer;
import io.microservicekit.messaging.api.trace.TraceSpan;
import io.microservicekit.messaging.core.internal.engine.Answer;
import io.microservicekit.messaging.core.internal.shared.LoggedOnce;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One span for each send, ended when its outcome is decided; its context goes into a copy of the message, never into the caller's. A context with which
 * the message could not be sent is left out: what was accepted untraced is not refused for its trace.
 */
final class TracedProducer implements BackendProducer {
    private final BackendProducer producer;
    private final Function<Message, @Nullable MessagingException> rules;
    private final MessageTracer tracer;
    private final ClientRuntime runtime;
    private final System.Logger logger;
    private final LoggedOnce logged = new LoggedOnce();

    /** By the rules that hold for each message, on whatever backend. */
    TracedProducer(
            BackendProducer producer,
            Function<Message, @Nullable MessagingException> rules,
            MessageTracer tracer,
            ClientRuntime runtime,
            System.Logger logger) {
        this.producer = producer;
        this.rules = rules;
        this.tracer = tracer;
        this.runtime = runtime;
        this.logger = logger;
    }

    @Override
    public @Nullable MessagingException refusal(Message message) {
        return producer.refusal(message);
    }

    @Override
    public @Nullable MessagingException deadLetterRefusal(Message message) {
        return producer.deadLetterRefusal(message);
    }

    @Override
    public CompletableFuture<SendResult> send(Message message, Duration timeout) {
        Headers.Builder carrier = message.headers().toBuilder();
        TraceSpan span = tracer.startSend(message, carrier);
        Message carried = message.toBuilder().headers(carrier.build()).build();
        return until(Answer.of(() -> producer.send(sendable(message, carried), timeout)), span);
    }

    /** The message with its context, or without when only so it can be sent. */
    private Message sendable(Message message, Message carried) {
        MessagingException refused = rules.apply(carried);
        refused = refused == null ? producer.refusal(carried) : refused;
        if (refused == null) {
            return carried;
        }
        if (logged.first()) {
            logger.log(
                    Level.WARNING,
                    "A message was sent without the trace context that its tracer gave it, not logged again: with it, "
                            + refused.getMessage());
        }
        return message;
    }

    @Override
    public CompletableFuture<SendResult> sendDeadLetter(Message message, Duration timeout) {
        TraceSpan span = tracer.startDeadLetter(message);
        return until(Answer.of(() -> producer.sendDeadLetter(message, timeout)), span);
    }

    /** The span ends before anybody hears of the outcome; the error is passed on itself, without a wrapper. */
    private CompletableFuture<SendResult> until(CompletableFuture<SendResult> sent, TraceSpan span) {
        CompletableFuture<SendResult> outcome = runtime.future();
        CompletableFuture<?> unused = sent.whenComplete((result, error) -> {
            if (error == null) {
                span.end();
                outcome.complete(result);
            } else {
                span.fail(error);
                span.end();
                outcome.completeExceptionally(error);
            }
        });
        return outcome;
    }

    @Override
    public @Nullable String impediment() {
        return producer.impediment();
    }

    @Override
    public CompletableFuture<Long> close(Duration limit) {
        return producer.close(limit);
    }
}
