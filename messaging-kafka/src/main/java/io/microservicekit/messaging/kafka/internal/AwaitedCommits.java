package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The commits that somebody waits for. On the poll thread. */
final class AwaitedCommits {
    private final Holdings holdings;
    private final List<Awaited> waiting = new ArrayList<>();
    private boolean asked;

    AwaitedCommits(Holdings holdings) {
        this.holdings = holdings;
    }

    /** Waits until what a holding has acknowledged so far is committed; null for one that is gone already. */
    void add(@Nullable Holding holding, CompletableFuture<Void> answer) {
        if (holding == null) {
            answer.completeExceptionally(gone());
        } else {
            waiting.add(new Awaited(holding, holding.toCommit().position(), answer));
            settle();
            asked |= !waiting.isEmpty();
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Whether any was added since this was asked last: a commit that failed waits for its interval. */
    boolean takeAsked() {
        boolean news = asked;
        asked = false;
        return news;
    }

    /** Answers those whose position the broker has taken, and those whose partition is gone without. */
    void settle() {
        for (Awaited each : new ArrayList<>(waiting)) {
            if (each.holding().isCommitted(each.position())) {
                waiting.remove(each);
                each.answer().complete(null);
            } else if (!holdings.holds(each.holding())) {
                waiting.remove(each);
                each.answer().completeExceptionally(gone());
            }
        }
    }

    static ConsumeException gone() {
        return new ConsumeException(
                ErrorCode.NO_ACTIVE_SESSION,
                "Committing was not possible: the partition is no longer assigned. Its messages are delivered again.");
    }

    private record Awaited(Holding holding, long position, CompletableFuture<Void> answer) {}
}
