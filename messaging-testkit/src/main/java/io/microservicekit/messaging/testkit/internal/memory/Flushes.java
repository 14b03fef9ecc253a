package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.spi.Assignment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The flushes of a member that are not answered yet. On the member's loop, outside the broker's lock. */
final class Flushes {
    /** What became of the acknowledgements that a flush is for. */
    enum State {
        TAKEN,
        WAITING,
        GONE
    }

    private final List<Flush> waiting = new ArrayList<>();

    void add(Assignment assignment, CompletableFuture<Void> answer) {
        waiting.add(new Flush(assignment, answer));
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Answers those of which the end is known. */
    void settle(Function<Assignment, State> state) {
        for (Flush flush : new ArrayList<>(waiting)) {
            State found = state.apply(flush.assignment());
            if (found != State.WAITING) {
                waiting.remove(flush);
                flush.end(found);
            }
        }
    }

    private record Flush(Assignment assignment, CompletableFuture<Void> answer) {
        void end(State state) {
            if (state == State.TAKEN) {
                answer.complete(null);
            } else {
                answer.completeExceptionally(new ConsumeException(
                        ErrorCode.NO_ACTIVE_SESSION,
                        "Acknowledging messages of " + assignment
                                + " at the broker failed: it is no longer assigned. They are delivered again."));
            }
        }
    }
}
