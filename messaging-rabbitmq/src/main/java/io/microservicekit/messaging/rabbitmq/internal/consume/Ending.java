package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The close of a consumer, which keeps the shortest limit of those who asked for it. Confined to the loop of the connection. */
final class Ending {
    private final Loop loop;
    private final Runnable end;
    private final List<CompletableFuture<Void>> answers = new ArrayList<>();
    private final List<Loop.Timer> limits = new ArrayList<>();
    private boolean begun;
    private boolean over;

    /**
     * Not begun.
     *
     * @param end run once, when it is finished
     */
    Ending(Loop loop, Runnable end) {
        this.loop = loop;
        this.end = end;
    }

    boolean begun() {
        return begun;
    }

    /** Begins, or joins what has begun. */
    void add(CompletableFuture<Void> answer, Duration limit) {
        begun = true;
        if (over) {
            answer.complete(null);
            return;
        }
        answers.add(answer);
        limits.add(loop.schedule(limit, this::finish));
    }

    /** It is over. */
    void finish() {
        if (over) {
            return;
        }
        over = true;
        limits.forEach(Loop.Timer::cancel);
        end.run();
        answers.forEach(answer -> answer.complete(null));
    }
}
