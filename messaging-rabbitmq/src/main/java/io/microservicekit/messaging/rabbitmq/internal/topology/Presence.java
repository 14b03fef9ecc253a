package io.microservicekit.messaging.rabbitmq.internal.topology;

import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.topology.TopologyStep.Kind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Which queues are asked for instead of declared, since they are taken as they are. One that is missing is declared; one that is there with other
 * properties, of another consumer's making, is asked for from then on. Confined to the loop of its consumer.
 */
public final class Presence {
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 406;

    /** What decides how a queue is consumed. */
    private static final List<String> DECISIVE = List.of("x-queue-type", "x-delivery-limit");

    private final Consumer<String> warnings;
    private final Set<String> there = new LinkedHashSet<>();
    private final Set<String> known = new LinkedHashSet<>();

    /**
     * Knows nothing yet.
     *
     * @param warnings told of each queue that is there with other properties
     */
    public Presence(Consumer<String> warnings) {
        this.warnings = warnings;
    }

    /**
     * The step of a queue that is taken as it is.
     *
     * @param asking what asks for it
     * @param declaring what declares it
     * @param likely whether it is asked for as long as nothing is known of it
     */
    TopologyStep step(TopologyStep asking, TopologyStep declaring, boolean likely) {
        if (known.add(asking.entity()) && likely) {
            there.add(asking.entity());
        }
        return there.contains(asking.entity()) ? asking : declaring;
    }

    /**
     * Learns from a refusal.
     *
     * @return whether the other way is worth an attempt now
     */
    public boolean learns(TopologyStep step, Closure closure) {
        if (step.kind() == Kind.ASK && closure.code() == NOT_FOUND && !Refusals.isDown(closure)) {
            return there.remove(step.entity());
        }
        Mismatch mismatch = step.kind() == Kind.HAVE && closure.code() == PRECONDITION_FAILED
                ? Mismatch.read(closure.text())
                : null;
        if (mismatch == null || DECISIVE.contains(mismatch.argument())) {
            return false;
        }
        warnings.accept(mismatch + "; it is used as it is");
        return there.add(step.entity());
    }
}
