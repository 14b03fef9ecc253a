package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.rabbitmq.internal.link.ChannelEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.QueueFacts;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A channel of the scripted broker on which it is only asked whether exchanges are there. */
final class ScriptedQuestions implements ConsumingChannel {
    private final ScriptedBroker broker;
    private final ChannelEvents events;
    private final List<CompletableFuture<?>> pending = new ArrayList<>();

    ScriptedQuestions(ScriptedBroker broker, ChannelEvents events) {
        this.broker = broker;
        this.events = events;
    }

    <T> void ask(String question, CompletableFuture<T> answer, T said) {
        broker.asked.add(question);
        pending.add(answer);
        var unused = broker.loop.schedule(Duration.ofMillis(1), () -> {
            Closure refusal = broker.refusedQuestions.poll();
            if (refusal != null) {
                end(refusal);
            } else if (broker.answering) {
                pending.removeIf(one -> one == answer);
                answer.complete(said);
            }
        });
    }

    void end(Closure closure) {
        broker.loop.execute(() -> {
            List<CompletableFuture<?>> unanswered = new ArrayList<>(pending);
            pending.clear();
            unanswered.forEach(question -> question.completeExceptionally(new RefusedException(closure)));
            events.closed(closure);
        });
    }

    @Override
    public CompletableFuture<Void> checkExchange(String exchange) {
        CompletableFuture<Void> answer = broker.runtime.future();
        this.<Void>asks("exchange " + exchange, answer);
        return answer;
    }

    @SuppressWarnings("NullAway") // no value is the value of Void
    private <T> void asks(String question, CompletableFuture<T> answer) {
        ask(question, answer, null);
    }

    private static UnsupportedOperationException nothing() {
        return new UnsupportedOperationException("nothing is consumed here");
    }

    @Override
    public CompletableFuture<Void> declareExchange(String exchange, String type, boolean durable) {
        throw nothing();
    }

    @Override
    public CompletableFuture<QueueFacts> declareQueue(String queue, boolean durable, Map<String, Object> arguments) {
        throw nothing();
    }

    @Override
    public CompletableFuture<QueueFacts> checkQueue(String queue) {
        throw nothing();
    }

    @Override
    public CompletableFuture<Void> bind(
            String queue, String exchange, String routingKey, Map<String, Object> arguments) {
        throw nothing();
    }

    @Override
    public CompletableFuture<Void> unbind(
            String queue, String exchange, String routingKey, Map<String, Object> arguments) {
        throw nothing();
    }

    @Override
    public CompletableFuture<Void> prefetch(int messages) {
        throw nothing();
    }

    @Override
    public CompletableFuture<Void> consume(
            String queue, String consumerTag, boolean autoAck, Map<String, Object> arguments) {
        throw nothing();
    }

    @Override
    public CompletableFuture<Void> cancel(String consumerTag) {
        throw nothing();
    }

    @Override
    public void acknowledge(long tag, boolean multiple) {
        throw nothing();
    }

    @Override
    public CompletableFuture<Void> close(Duration limit) {
        throw nothing();
    }
}
