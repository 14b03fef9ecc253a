package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.Capability;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A backend whose steps are the test's; without a script it answers at once that all is well. */
final class ScriptedAdapter implements Backend {
    Supplier<CompletableFuture<Void>> probing = ScriptedAdapter::done;
    Runnable producing = () -> {};
    BiFunction<Message, Duration, CompletableFuture<SendResult>> sending = (message, limit) -> delivered(message);
    Function<BackendListener, BackendConsumer> consuming = listener -> new IdleConsumer(limit -> done());
    Function<Message, @Nullable MessagingException> refusing = message -> null;
    Function<Message, @Nullable MessagingException> refusingDeadLetters = message -> null;
    Function<ConsumerSpec, CompletableFuture<Void>> provisioning = Backend.super::provision;
    Supplier<@Nullable String> impeding = () -> null;
    Function<Duration, CompletableFuture<Long>> closingProducer = limit -> CompletableFuture.completedFuture(0L);
    volatile boolean closed;
    boolean separatesDeadLetters;

    static CompletableFuture<SendResult> delivered(Message message) {
        return CompletableFuture.completedFuture(new SendResult(message.topic(), 0, 0, 0, true, true));
    }

    private static CompletableFuture<Void> done() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.of(Capability.SIMULATED_TIME);
    }

    @Override
    public boolean separatesDeadLetters() {
        return separatesDeadLetters;
    }

    @Override
    public CompletableFuture<Void> provision(ConsumerSpec spec) {
        return provisioning.apply(spec);
    }

    @Override
    public BackendProducer producer(ProducerSpec spec) {
        producing.run();
        return new BackendProducer() {
            @Override
            public @Nullable MessagingException refusal(Message message) {
                return refusing.apply(message);
            }

            @Override
            public @Nullable MessagingException deadLetterRefusal(Message message) {
                return refusingDeadLetters.apply(message);
            }

            @Override
            public CompletableFuture<SendResult> send(Message message, Duration timeout) {
                return sending.apply(message, timeout);
            }

            @Override
            public @Nullable String impediment() {
                return impeding.get();
            }

            @Override
            public CompletableFuture<Long> close(Duration limit) {
                return closingProducer.apply(limit);
            }
        };
    }

    @Override
    public BackendConsumer consumer(ConsumerSpec spec, BackendListener listener) {
        return consuming.apply(listener);
    }

    @Override
    public CompletableFuture<Void> probe() {
        return probing.get();
    }

    @Override
    public CompletableFuture<Void> close(Duration limit) {
        closed = true;
        return done();
    }
}
