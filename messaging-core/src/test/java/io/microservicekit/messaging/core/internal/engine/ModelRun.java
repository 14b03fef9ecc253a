package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.spi.Assignment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run on a handler thread, as it really is: the engine learns of it by ticks and by the report. */
final class ModelRun {
    final long id;
    final Assignment assignment;
    final List<Integer> offsets;
    final int size;
    final int firstAttempt;
    boolean started;
    boolean ended;
    boolean gateClosed;
    int completed;
    int ticked;
    int ticks;

    @Nullable Failure failure;

    ModelRun(long id, Assignment assignment, List<Integer> offsets, int firstAttempt) {
        this.id = id;
        this.assignment = assignment;
        this.offsets = offsets;
        this.size = offsets.size();
        this.firstAttempt = firstAttempt;
    }

    ModelRun copy() {
        ModelRun copy = new ModelRun(id, assignment, offsets, firstAttempt);
        copy.started = started;
        copy.ended = ended;
        copy.gateClosed = gateClosed;
        copy.completed = completed;
        copy.ticked = ticked;
        copy.ticks = ticks;
        copy.failure = failure;
        return copy;
    }

    boolean inHandler() {
        return started && !ended;
    }

    int offset() {
        return offsets.get(completed);
    }

    /** One of its offsets, which tells its lane. */
    int first() {
        return offsets.get(0);
    }

    /** How many of its messages may still be handled. */
    int left() {
        return size - completed;
    }

    int attempt() {
        return completed == 0 ? firstAttempt : 1;
    }

    String dump() {
        return "run " + assignment + " " + offsets + " attempt=" + firstAttempt + " done=" + completed + "/"
                + ticked + "/" + ticks + (started ? " started" : "") + (ended ? " ended" : "")
                + (gateClosed ? " closed" : "") + (failure == null ? "" : " " + failure.verdict());
    }
}
