package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A consumer that does nothing, and closes as it is told to, with some acknowledgements that the broker has not taken. */
record IdleConsumer(Function<Duration, CompletableFuture<Void>> closing, long left, Supplier<@Nullable String> hanging)
        implements BackendConsumer {
    IdleConsumer(Function<Duration, CompletableFuture<Void>> closing) {
        this(closing, 0);
    }

    IdleConsumer(Function<Duration, CompletableFuture<Void>> closing, long left) {
        this(closing, left, () -> null);
    }

    @Override
    public @Nullable String hang() {
        return hanging.get();
    }

    @Override
    public CompletableFuture<Long> close(Duration limit) {
        return closing.apply(limit).thenApply(done -> left);
    }

    @Override
    public void acknowledge(Assignment assignment, long upTo, long[] alsoThese) {}

    @Override
    public CompletableFuture<Void> flush(Assignment assignment) {
        return new CompletableFuture<>();
    }

    @Override
    public void pause(Set<Assignment> assignments) {}

    @Override
    public void resume(Set<Assignment> assignments) {}

    @Override
    public void hold(Assignment assignment, long tag) {}

    @Override
    public void release(Assignment assignment, long tag) {}

    @Override
    public void recycle(Assignment assignment, String reason) {}

    @Override
    public @Nullable Duration holdLimit() {
        return null;
    }
}
