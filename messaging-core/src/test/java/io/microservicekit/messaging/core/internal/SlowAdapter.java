package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.Capability;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A backend whose broker is frozen: sends stay open, and every close takes all the time it is given, or for ever. */
final class SlowAdapter implements Backend {
    private final Loop loop;
    private final Closing closing;

    /** How a close ends. */
    enum Closing {
        AT_THE_LIMIT,
        NEVER,
        /** But what was sent fails. */
        NEVER_WITH_SENDS_ENDED
    }

    SlowAdapter(ClientRuntime runtime, Closing closing) {
        this.loop = runtime.loop("slow-adapter");
        this.closing = closing;
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.noneOf(Capability.class);
    }

    @Override
    public BackendProducer producer(ProducerSpec spec) {
        return new SlowProducer();
    }

    @Override
    public BackendConsumer consumer(ConsumerSpec spec, BackendListener listener) {
        Assignment assignment = new Assignment("orders", 0, 1);
        loop.execute(() -> {
            listener.ready();
            listener.assigned(Collections.singleton(assignment));
            listener.delivered(
                    assignment,
                    List.of(ReceivedMessage.of(
                            Message.builder("orders").build(), MessagePosition.of("orders", 0, 0), spec.group())));
        });
        return new IdleConsumer(this::atTheLimit);
    }

    @Override
    public CompletableFuture<Void> probe() {
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> atTheLimit(Duration limit) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        if (closing == Closing.AT_THE_LIMIT) {
            Loop.Timer unused = loop.schedule(limit, () -> closed.complete(null));
        }
        return closed;
    }

    @Override
    public CompletableFuture<Void> close(Duration limit) {
        return atTheLimit(limit);
    }

    private final class SlowProducer implements BackendProducer {
        private final List<CompletableFuture<SendResult>> pending = new ArrayList<>();

        @Override
        public CompletableFuture<SendResult> send(Message message, Duration timeout) {
            CompletableFuture<SendResult> sent = new CompletableFuture<>();
            pending.add(sent);
            return sent;
        }

        @Override
        public CompletableFuture<Long> close(Duration limit) {
            if (closing == Closing.NEVER_WITH_SENDS_ENDED) {
                pending.forEach(sent -> sent.completeExceptionally(new IllegalStateException("closed")));
            }
            return atTheLimit(limit).thenApply(done -> (long) pending.size());
        }
    }
}
