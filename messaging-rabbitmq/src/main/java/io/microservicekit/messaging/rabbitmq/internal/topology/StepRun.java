package io.microservicekit.messaging.rabbitmq.internal.topology;

import io.microservicekit.messaging.rabbitmq.internal.link.ConsumingChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Asks steps one after the other, until one is refused. Confined to the loop of the connection. */
public final class StepRun {
    private final Deque<TopologyStep> left;
    private final ConsumingChannel channel;
    private final CompletableFuture<Void> end;
    private @Nullable TopologyStep current;

    /**
     * Not begun yet.
     *
     * @param steps what is asked, in order
     * @param channel where
     * @param end ended on the loop when all are answered, or with what the first refused one ended with
     */
    public StepRun(List<TopologyStep> steps, ConsumingChannel channel, CompletableFuture<Void> end) {
        this.left = new ArrayDeque<>(steps);
        this.channel = channel;
        this.end = end;
    }

    /** Begins. Whatever is thrown on the way is the end: nobody else would hear of it. */
    public void begin() {
        try {
            next();
        } catch (Throwable e) {
            end.completeExceptionally(e);
        }
    }

    private void next() {
        TopologyStep step = left.poll();
        current = step;
        if (step == null) {
            end.complete(null);
            return;
        }
        CompletableFuture<?> unused = step.question().apply(channel).whenComplete((answer, error) -> {
            if (error == null) {
                begin();
            } else {
                end.completeExceptionally(error);
            }
        });
    }

    /** What is being asked, or was refused; null before the first and after the last. */
    public @Nullable TopologyStep current() {
        return current;
    }
}
