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
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One span for each send, ended when its outcome is decided; its context goes into a copy of the message, never into the caller's. */
final class TracedProducer implements BackendProducer {
    private final BackendProducer producer;
    private final MessageTracer tracer;
    private final ClientRuntime runtime;

    TracedProducer(BackendProducer producer, MessageTracer tracer, ClientRuntime runtime) {
        this.producer = producer;
        this.tracer = tracer;
        this.runtime = runtime;
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
        return until(Answer.of(() -> producer.send(carried, timeout)), span);
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
