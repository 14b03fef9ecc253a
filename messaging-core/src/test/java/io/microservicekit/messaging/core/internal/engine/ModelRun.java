package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.spi.Assignment;
import org.jspecify.annotations.Nullable;

/** A run on a handler thread, as it really is: the engine learns of it by ticks and by the report. */
final class ModelRun {
    final long id;
    final Assignment assignment;
    final int first;
    final int size;
    final int firstAttempt;
    boolean started;
    boolean ended;
    boolean gateClosed;
    int completed;
    int ticked;
    int ticks;

    @Nullable Failure failure;

    ModelRun(long id, Assignment assignment, int first, int size, int firstAttempt) {
        this.id = id;
        this.assignment = assignment;
        this.first = first;
        this.size = size;
        this.firstAttempt = firstAttempt;
    }

    ModelRun copy() {
        ModelRun copy = new ModelRun(id, assignment, first, size, firstAttempt);
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
        return first + completed;
    }

    int attempt() {
        return completed == 0 ? firstAttempt : 1;
    }

    String dump() {
        return "run " + assignment + " " + first + "+" + size + " attempt=" + firstAttempt + " done=" + completed + "/"
                + ticked + "/" + ticks + (started ? " started" : "") + (ended ? " ended" : "")
                + (gateClosed ? " closed" : "") + (failure == null ? "" : " " + failure.verdict());
    }
}
