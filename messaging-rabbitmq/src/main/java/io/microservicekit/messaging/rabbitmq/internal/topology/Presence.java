package io.microservicekit.messaging.rabbitmq.internal.topology;

import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.topology.TopologyStep.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the queues that a consumer takes as they are: that of its dead letters, and its own where it reads one by its name. Confined to the
 * loop of its consumer.
 *
 * <p>A queue of dead letters is asked for, and declared when it is missing; nothing else of it matters to who writes there. One that is read is declared;
 * where it is there with other properties it is declared again with what is there, difference by difference since the broker names one at a time, until
 * both are equal or a difference is found that matters.
 */
public final class Presence {
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 406;

    /** What decides how a queue is consumed, or whether its messages survive the first loss of a connection. */
    private static final List<String> DECISIVE = List.of("x-queue-type", "x-delivery-limit", "auto_delete");

    private boolean deadLettersMissing;
    private @Nullable QueueDeclaration read;
    /** How it is declared where it is there with other properties than wanted. */
    private @Nullable QueueDeclaration adopted;

    /** Knows nothing yet. */
    public Presence() {}

    /** The step of a queue of dead letters. */
    TopologyStep deadLetters(QueueDeclaration wanted) {
        return deadLettersMissing ? wanted.step(Kind.HAVE) : wanted.asking();
    }

    /** The steps of a queue that is read by its name. One that was adopted is asked for before: when it is gone it is declared as wanted. */
    List<TopologyStep> reading(QueueDeclaration wanted) {
        read = wanted;
        List<TopologyStep> steps = new ArrayList<>();
        QueueDeclaration there = adopted;
        if (there != null) {
            steps.add(there.asking());
        }
        steps.add((there == null ? wanted : there).step(Kind.HAVE));
        return steps;
    }

    /** Whether the queue that is read serves one consumer at a time though that was not asked for. */
    public boolean isSingleActive() {
        return adopted != null && adopted.isSingleActive();
    }

    /**
     * Learns from a refusal.
     *
     * @param warnings told of each property that is taken as it is
     * @return whether another way is worth an attempt now
     */
    public boolean learns(TopologyStep step, Closure closure, Consumer<String> warnings) {
        if (step.kind() == Kind.ASK && closure.code() == NOT_FOUND && !Refusals.isDown(closure)) {
            return missing(step);
        }
        Mismatch mismatch = step.kind() == Kind.HAVE && closure.code() == PRECONDITION_FAILED
                ? Mismatch.read(closure.text())
                : null;
        if (mismatch == null) {
            return false;
        }
        boolean taken = isRead(step) ? adopts(mismatch) : isThere();
        if (taken) {
            warnings.accept(mismatch + "; it is used as it is");
        }
        return taken;
    }

    private boolean missing(TopologyStep step) {
        boolean news = isRead(step) ? adopted != null : !deadLettersMissing;
        if (isRead(step)) {
            adopted = null;
        } else {
            deadLettersMissing = true;
        }
        return news;
    }

    private boolean isRead(TopologyStep step) {
        return read != null && read.asking().entity().equals(step.entity());
    }

    /** Somebody has declared it meanwhile. */
    private boolean isThere() {
        deadLettersMissing = false;
        return true;
    }

    private boolean adopts(Mismatch mismatch) {
        QueueDeclaration present = adopted == null ? read : adopted;
        QueueDeclaration next = present == null || isDecisive(mismatch) ? null : present.with(mismatch);
        adopted = next == null ? adopted : next;
        return next != null;
    }

    /** Who asks for a single active consumer would lose the order across consumers without it; one that was only there before was not asked for. */
    private boolean isDecisive(Mismatch mismatch) {
        return DECISIVE.contains(mismatch.argument())
                || (mismatch.argument().equals(QueueDeclaration.SINGLE_ACTIVE_CONSUMER)
                        && read != null
                        && read.isSingleActive());
    }
}
