package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.Capability;
import io.microservicekit.messaging.api.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Queues bound to topics, as on an AMQP broker: what is bound nowhere is unroutable. */
final class QueueFlavour implements Flavour {
    private final ChannelLimits limits;
    private final Violations violations;
    private final Map<String, QueueGroup> queues = new LinkedHashMap<>();
    private final Map<String, Set<QueueGroup>> bindings = new LinkedHashMap<>();
    private final Map<String, List<LogEntry>> arrivals = new LinkedHashMap<>();

    QueueFlavour(ChannelLimits limits, Violations violations) {
        this.limits = limits;
        this.violations = violations;
    }

    @Override
    public Set<Capability> capabilities() {
        return Collections.unmodifiableSet(EnumSet.of(Capability.SIMULATED_TIME));
    }

    void bind(String topic, QueueGroup queue) {
        bindings.computeIfAbsent(topic, t -> new LinkedHashSet<>()).add(queue);
    }

    void unbind(String topic, String group) {
        QueueGroup queue = queues.get(group);
        Set<QueueGroup> bound = bindings.get(topic);
        if (queue != null && bound != null && bound.remove(queue) && bound.isEmpty()) {
            bindings.remove(topic);
        }
    }

    @Override
    public @Nullable LogEntry publish(Message message) {
        Set<QueueGroup> bound = bindings.get(message.topic());
        if (bound == null) {
            return null;
        }
        bound.forEach(queue -> queue.add(message));
        return arrived(message);
    }

    @Override
    public @Nullable LogEntry publishDeadLetter(Message message) {
        QueueGroup queue = queues.get(message.topic());
        if (queue == null) {
            return null;
        }
        queue.add(message);
        return arrived(message);
    }

    private LogEntry arrived(Message message) {
        LogEntry entry = new LogEntry(message, -1, -1);
        arrivals.computeIfAbsent(message.topic(), t -> new ArrayList<>()).add(entry);
        return entry;
    }

    @Override
    public QueueGroup group(String name) {
        return queues.computeIfAbsent(name, n -> new QueueGroup(n, this, limits, violations));
    }

    @Override
    public @Nullable QueueGroup find(String name) {
        return queues.get(name);
    }

    @Override
    public Collection<QueueGroup> groups() {
        return queues.values();
    }

    @Override
    public List<LogEntry> messages(String topic) {
        List<LogEntry> found = arrivals.get(topic);
        return found == null ? new ArrayList<>() : new ArrayList<>(found);
    }

    @Override
    public Duration consumerTimeout() {
        return limits.consumerTimeout();
    }
}
