package io.microservicekit.messaging.rabbitmq.internal.topology;

import io.microservicekit.messaging.rabbitmq.internal.topology.TopologyStep.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a queue is declared. Immutable: nobody changes the arguments.
 *
 * @param queue its name
 * @param durable whether it survives a restart of the node
 * @param arguments the others
 */
record QueueDeclaration(String queue, boolean durable, Map<String, Object> arguments) {
    static final String SINGLE_ACTIVE_CONSUMER = "x-single-active-consumer";

    /** Declares it. */
    TopologyStep step(Kind kind) {
        return TopologyStep.ofQueue(kind, queue, c -> c.declareQueue(queue, durable, arguments));
    }

    /** Asks for it, whatever its properties are. */
    TopologyStep asking() {
        return TopologyStep.ofQueue(Kind.ASK, queue, c -> c.checkQueue(queue));
    }

    /** The same with what is there instead of what was wanted; null when that cannot be read, or would be the same again. */
    @Nullable QueueDeclaration with(Mismatch there) {
        QueueDeclaration changed = there.argument().equals("durable") ? withFlag(there) : withArgument(there);
        return equals(changed) ? null : changed;
    }

    private @Nullable QueueDeclaration withFlag(Mismatch there) {
        Boolean flag = there.flag();
        return flag == null ? null : new QueueDeclaration(queue, flag, arguments);
    }

    private @Nullable QueueDeclaration withArgument(Mismatch there) {
        Map<String, Object> changed = new LinkedHashMap<>(arguments);
        Object value = there.value(arguments.get(there.argument()));
        if (there.isMissing()) {
            changed.remove(there.argument());
        } else if (value == null) {
            return null;
        } else {
            changed.put(there.argument(), value);
        }
        return new QueueDeclaration(queue, durable, changed);
    }

    /** Whether one of its consumers is served at a time. */
    boolean isSingleActive() {
        return Boolean.TRUE.equals(arguments.get(SINGLE_ACTIVE_CONSUMER));
    }
}
