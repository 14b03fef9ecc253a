package io.microservicekit.messaging.rabbitmq.internal.consume;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Acknowledgements have no answer: a question behind them has one. One question is under way at a time; who comes meanwhile shares the next. Confined
 * to the loop of the connection.
 */
final class Flushes {
    private final Supplier<CompletableFuture<Void>> question;
    private List<CompletableFuture<Void>> asked = new ArrayList<>();
    private List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private boolean ended;

    /** That ask by the given question. */
    Flushes(Supplier<CompletableFuture<Void>> question) {
        this.question = question;
    }

    /** Completes a future when the broker has taken what was sent before. */
    void add(CompletableFuture<Void> answer) {
        waiting.add(answer);
        if (asked.isEmpty()) {
            ask();
        }
    }

    private void ask() {
        asked = waiting;
        waiting = new ArrayList<>();
        CompletableFuture<?> unused = question.get().whenComplete((answer, error) -> {
            if (error == null && !ended) {
                answered();
            }
        });
    }

    private void answered() {
        List<CompletableFuture<Void>> done = asked;
        asked = new ArrayList<>();
        if (!waiting.isEmpty()) {
            ask();
        }
        done.forEach(future -> future.complete(null));
    }

    /** The channel is gone: nobody knows what was taken. */
    void end(Throwable cause) {
        ended = true;
        asked.forEach(future -> future.completeExceptionally(cause));
        waiting.forEach(future -> future.completeExceptionally(cause));
        asked = new ArrayList<>();
        waiting = new ArrayList<>();
    }
}
