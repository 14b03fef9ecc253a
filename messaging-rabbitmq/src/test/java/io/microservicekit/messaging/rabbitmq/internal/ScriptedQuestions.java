package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.rabbitmq.internal.link.ChannelEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.InboundMessage;
import io.microservicekit.messaging.rabbitmq.internal.link.QueueFacts;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A channel of the scripted broker for consuming and questions; nothing is delivered on it by itself. */
final class ScriptedQuestions implements ConsumingChannel {
    private static final Closure UNANSWERED = new Closure(Closure.Kind.DRIVER, 0, "no answer in time", false, null);

    private final ScriptedBroker broker;
    private final ChannelEvents events;
    private final List<CompletableFuture<?>> pending = new ArrayList<>();
    private @Nullable Closure ended;
    private @Nullable String consumerTag;
    private long delivered;

    ScriptedQuestions(ScriptedBroker broker, ChannelEvents events) {
        this.broker = broker;
        this.events = events;
    }

    <T> void ask(String question, CompletableFuture<T> answer, T said) {
        broker.checkMemoryFor(question);
        if (ended != null) {
            answer.completeExceptionally(new RefusedException(ended));
            return;
        }
        broker.asked.add(question);
        pending.add(answer);
        if (broker.silentQuestions.contains(question)) {
            var unused = broker.loop.housekeeping(broker.rpcTimeout, () -> end(UNANSWERED));
            return;
        }
        var unused = broker.loop.schedule(broker.latency, () -> {
            Closure refusal = refusal(question);
            if (refusal != null && refusal.ofConnection() && broker.present != null) {
                broker.present.end(refusal);
            } else if (refusal != null) {
                end(refusal);
            } else if (broker.answering) {
                pending.removeIf(one -> one == answer);
                answer.complete(said);
            }
        });
    }

    private @Nullable Closure refusal(String question) {
        Closure next = broker.refusedQuestions.poll();
        return next == null ? broker.refusedEach.get(question) : next;
    }

    void end(Closure closure) {
        broker.loop.execute(() -> {
            ended = closure;
            List<CompletableFuture<?>> unanswered = new ArrayList<>(pending);
            pending.clear();
            unanswered.forEach(question -> question.completeExceptionally(new RefusedException(closure)));
            events.closed(closure);
        });
    }

    /** Delivers a message to its consumer, if it has one. */
    void deliver() {
        String to = consumerTag;
        if (to != null && ended == null) {
            Message message = Message.builder("orders").valueText("").build();
            broker.loop.execute(() -> events.delivered(new InboundMessage(to, ++delivered, false, "orders", message)));
        }
    }

    @Override
    public CompletableFuture<Void> checkExchange(String exchange) {
        return asked("exchange " + exchange);
    }

    @SuppressWarnings("NullAway") // no value is the value of Void
    private <T> void asks(String question, CompletableFuture<T> answer) {
        ask(question, answer, null);
    }

    private <T> CompletableFuture<T> asked(String question, T said) {
        CompletableFuture<T> answer = broker.runtime.future();
        ask(question, answer, said);
        return answer;
    }

    private CompletableFuture<Void> asked(String question) {
        CompletableFuture<Void> answer = broker.runtime.future();
        this.<Void>asks(question, answer);
        return answer;
    }

    @Override
    public CompletableFuture<Void> declareExchange(String exchange, String type, boolean durable) {
        return asked("declare exchange " + exchange);
    }

    @Override
    public CompletableFuture<QueueFacts> declareQueue(String queue, boolean durable, Map<String, Object> arguments) {
        return asked("declare queue " + queue, new QueueFacts(0, 0));
    }

    @Override
    public CompletableFuture<QueueFacts> checkQueue(String queue) {
        return asked("queue " + queue, new QueueFacts(0, broker.consumers));
    }

    @Override
    public CompletableFuture<Void> bind(
            String queue, String exchange, String routingKey, Map<String, Object> arguments) {
        return asked("bind " + queue);
    }

    @Override
    public CompletableFuture<Void> unbind(
            String queue, String exchange, String routingKey, Map<String, Object> arguments) {
        return asked("unbind " + queue);
    }

    @Override
    public CompletableFuture<Void> prefetch(int messages) {
        return asked("prefetch " + messages);
    }

    @Override
    public CompletableFuture<Void> consume(
            String queue, String consumerTag, boolean autoAck, Map<String, Object> arguments) {
        this.consumerTag = consumerTag;
        return asked("consume " + queue);
    }

    @Override
    public CompletableFuture<Void> cancel(String consumerTag) {
        return asked("cancel");
    }

    @Override
    public void acknowledge(long tag, boolean multiple) {
        throw new UnsupportedOperationException("nothing is delivered here");
    }

    @Override
    public CompletableFuture<Void> close(Duration limit) {
        broker.checkMemoryForClose();
        end(new Closure(Closure.Kind.OURSELVES, 0, "closed by the client", false, null));
        CompletableFuture<Void> answer = broker.runtime.future();
        broker.loop.execute(() -> answer.complete(null));
        return answer;
    }
}
