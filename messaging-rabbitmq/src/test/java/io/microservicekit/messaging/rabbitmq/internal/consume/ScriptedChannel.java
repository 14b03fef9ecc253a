package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.consume.ScriptedBroker.Item;
import io.microservicekit.messaging.rabbitmq.internal.link.ChannelEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.InboundMessage;
import io.microservicekit.messaging.rabbitmq.internal.link.QueueFacts;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A channel of the scripted broker: a window per consumer, tags by one, unknown tags refused, everything back to the queue at its end. */
final class ScriptedChannel implements ConsumingChannel {
    private static final int MOST_BYTES_OF_A_TAG = 255;

    private final ScriptedBroker broker;
    private final ChannelEvents events;
    private final Map<String, Consumer> consumers = new LinkedHashMap<>();
    private final TreeMap<Long, Unacknowledged> unacknowledged = new TreeMap<>();
    private final List<CompletableFuture<?>> pending = new ArrayList<>();
    private @Nullable Closure closure;
    private int prefetch;
    private long lastTag;

    ScriptedChannel(ScriptedBroker broker, ChannelEvents events) {
        this.broker = broker;
        this.events = events;
    }

    private static final class Consumer {
        final String tag;
        final int prefetch;
        final boolean autoAck;
        int outstanding;

        Consumer(String tag, int prefetch, boolean autoAck) {
            this.tag = tag;
            this.prefetch = prefetch;
            this.autoAck = autoAck;
        }

        boolean hasRoom() {
            return autoAck || prefetch == 0 || outstanding < prefetch;
        }
    }

    private record Unacknowledged(Item item, Consumer consumer, long since) {}

    int unacknowledged() {
        return unacknowledged.size();
    }

    int consumers() {
        return consumers.size();
    }

    int credit() {
        return consumers.values().stream()
                .mapToInt(consumer -> consumer.prefetch)
                .sum();
    }

    boolean hasRoom() {
        return closure == null && consumers.values().stream().anyMatch(Consumer::hasRoom);
    }

    void send(Item item) {
        Consumer consumer = consumers.values().stream()
                .filter(Consumer::hasRoom)
                .findFirst()
                .orElseThrow();
        long tag = ++lastTag;
        if (consumer.autoAck) {
            broker.settled(item, consumer.tag);
        } else {
            consumer.outstanding++;
            unacknowledged.put(tag, new Unacknowledged(item, consumer, broker.runtime.nanoTime()));
            broker.most = Math.max(broker.most, unacknowledged.size());
        }
        InboundMessage inbound =
                new InboundMessage(consumer.tag, tag, item.redelivered, item.message.topic(), item.message);
        broker.client.execute(() -> {
            if (closure == null || closure.kind() != Closure.Kind.OURSELVES) {
                events.delivered(inbound);
            }
        });
    }

    void expire(Duration limit) {
        long now = broker.runtime.nanoTime();
        if (closure == null
                && unacknowledged.values().stream().anyMatch(each -> now - each.since() >= limit.toNanos())) {
            end(new Closure(
                    Closure.Kind.BROKER,
                    406,
                    "PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used: "
                            + limit.toMillis() + " ms",
                    false,
                    null));
        }
    }

    void cancelAll() {
        List<String> tags = new ArrayList<>(consumers.keySet());
        consumers.clear();
        broker.client.execute(() -> tags.forEach(events::cancelled));
    }

    void end(Closure why) {
        if (closure != null) {
            return;
        }
        closure = why;
        consumers.clear();
        List<Item> back = new ArrayList<>();
        unacknowledged.values().forEach(each -> back.add(each.item()));
        unacknowledged.clear();
        broker.gone(this, back);
        broker.client.execute(() -> {
            List<CompletableFuture<?>> unanswered = new ArrayList<>(pending);
            pending.clear();
            unanswered.forEach(question -> question.completeExceptionally(new RefusedException(why)));
            events.closed(why);
        });
    }

    private <T> CompletableFuture<T> ask(String question, T answer, Runnable effect) {
        broker.checkMemoryFor(question);
        CompletableFuture<T> future = broker.runtime.future();
        pending.add(future);
        broker.network.execute(() -> {
            broker.asked.add(question);
            Closure refusal = closure == null ? broker.refusal(question) : null;
            if (closure != null) {
                fail(future, closure);
            } else if (refusal != null) {
                refused(refusal);
            } else if (!broker.isSilent()) {
                effect.run();
                broker.client.execute(() -> {
                    pending.removeIf(one -> one == future);
                    future.complete(answer);
                });
            }
        });
        return future;
    }

    private void refused(Closure refusal) {
        if (refusal.ofConnection()) {
            broker.loseConnection(refusal, Duration.ofSeconds(1));
        } else {
            end(refusal);
        }
    }

    private void fail(CompletableFuture<?> future, Closure why) {
        broker.client.execute(() -> {
            pending.removeIf(one -> one == future);
            future.completeExceptionally(new RefusedException(why));
        });
    }

    private CompletableFuture<Void> ask(String question, Runnable effect) {
        CompletableFuture<Void> answered = broker.runtime.future();
        CompletableFuture<?> unused = ask(question, Boolean.TRUE, effect).whenComplete((answer, error) -> {
            if (error == null) {
                answered.complete(null);
            } else {
                answered.completeExceptionally(error);
            }
        });
        return answered;
    }

    private static void nothing() {}

    @Override
    public CompletableFuture<Void> declareExchange(String exchange, String type, boolean durable) {
        return ask("declare exchange " + exchange + " " + type + (durable ? " durable" : ""), ScriptedChannel::nothing);
    }

    @Override
    public CompletableFuture<Void> checkExchange(String exchange) {
        return ask("check exchange " + exchange, ScriptedChannel::nothing);
    }

    @Override
    public CompletableFuture<QueueFacts> declareQueue(String queue, boolean durable, Map<String, Object> arguments) {
        return ask(
                "declare queue " + queue + (durable ? " durable" : "") + " " + arguments,
                new QueueFacts(0, 0),
                ScriptedChannel::nothing);
    }

    @Override
    public CompletableFuture<QueueFacts> checkQueue(String queue) {
        return ask("check queue " + queue, new QueueFacts(0, 0), ScriptedChannel::nothing);
    }

    @Override
    public CompletableFuture<Void> bind(
            String queue, String exchange, String routingKey, Map<String, Object> arguments) {
        return ask(
                "bind " + queue + " to " + exchange + " by " + routingKey + " " + arguments, ScriptedChannel::nothing);
    }

    @Override
    public CompletableFuture<Void> unbind(
            String queue, String exchange, String routingKey, Map<String, Object> arguments) {
        return ask(
                "unbind " + queue + " from " + exchange + " by " + routingKey + " " + arguments,
                ScriptedChannel::nothing);
    }

    @Override
    public CompletableFuture<Void> prefetch(int messages) {
        return ask("prefetch " + messages, () -> prefetch = messages);
    }

    @Override
    public CompletableFuture<Void> consume(
            String queue, String consumerTag, boolean autoAck, Map<String, Object> arguments) {
        return ask("consume " + queue, () -> {
            if (consumers.containsKey(consumerTag)) {
                broker.violations.add("a second consumer " + consumerTag);
            }
            if (consumerTag.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES_OF_A_TAG) {
                broker.violations.add("a tag of more than " + MOST_BYTES_OF_A_TAG + " bytes");
            }
            consumers.put(consumerTag, new Consumer(consumerTag, prefetch, autoAck));
            broker.pump();
        });
    }

    @Override
    public CompletableFuture<Void> cancel(String consumerTag) {
        return ask("cancel", () -> {
            if (consumers.remove(consumerTag) == null) {
                // As the driver does it.
                end(new Closure(Closure.Kind.DRIVER, 0, "IOException: Unknown consumerTag", false, null));
            }
        });
    }

    @Override
    public void acknowledge(long tag, boolean multiple) {
        broker.network.execute(() -> acknowledged(tag, multiple));
    }

    private void acknowledged(long tag, boolean multiple) {
        if (closure != null) {
            return;
        }
        if (!unacknowledged.containsKey(tag)) {
            broker.violations.add("acknowledged the unknown tag " + tag + (multiple ? ", multiple" : ""));
            end(new Closure(
                    Closure.Kind.BROKER, 406, "PRECONDITION_FAILED - unknown delivery tag " + tag, false, null));
            return;
        }
        broker.asked.add("ack " + tag + (multiple ? "*" : ""));
        List<Long> tags =
                multiple ? new ArrayList<>(unacknowledged.headMap(tag, true).keySet()) : List.of(tag);
        for (long each : tags) {
            Unacknowledged settled = unacknowledged.remove(each);
            settled.consumer().outstanding--;
            broker.settled(settled.item(), settled.consumer().tag);
        }
    }

    @Override
    public CompletableFuture<Void> close(Duration limit) {
        CompletableFuture<Void> answer = broker.runtime.future();
        Closure ours = new Closure(Closure.Kind.OURSELVES, 200, "closed", false, null);
        if (broker.isSilent()) {
            Loop.Timer unused = broker.client.schedule(limit, () -> {
                end(ours);
                answer.complete(null);
            });
            return answer;
        }
        broker.network.execute(() -> {
            end(ours);
            broker.client.execute(() -> answer.complete(null));
        });
        return answer;
    }
}
