package io.microservicekit.messaging.core.internal.shared;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A question that many may ask: while one is under way, and for a while after it was asked, they share its answer. So nothing piles up on one that
 * does not answer.
 */
public final class SharedAnswer<T> {
    private final long keptNanos;
    private final AtomicReference<@Nullable Asked<T>> last = new AtomicReference<>();

    /** One whose answers hold so long, counted from the question. */
    public SharedAnswer(Duration kept) {
        this.keptNanos = kept.toNanos();
    }

    /**
     * A question that was asked.
     *
     * @param answer completes with the answer
     */
    public record Asked<T>(long atNanos, CompletableFuture<T> answer) {}

    /** The question under way, or the one whose answer still holds; else it is asked anew and completes the future. */
    public Asked<T> ask(long now, Supplier<CompletableFuture<T>> future, Consumer<CompletableFuture<T>> question) {
        Asked<T> present = last.get();
        if (present != null && holds(present, now)) {
            return present;
        }
        Asked<T> fresh = new Asked<>(now, future.get());
        if (!last.compareAndSet(present, fresh)) {
            return ask(now, future, question);
        }
        question.accept(fresh.answer());
        return fresh;
    }

    private boolean holds(Asked<T> asked, long now) {
        return !asked.answer().isDone() || now - asked.atNanos() < keptNanos;
    }
}
