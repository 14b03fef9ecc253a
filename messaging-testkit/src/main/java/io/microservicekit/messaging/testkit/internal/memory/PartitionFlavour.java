package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.Capability;
import io.microservicekit.messaging.api.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Topics with partitions, read by offset. */
final class PartitionFlavour implements Flavour {
    private final int defaultPartitions;
    private final Violations violations;
    private final Map<String, TopicLog> topics = new LinkedHashMap<>();
    private final Map<String, PartitionGroup> groups = new LinkedHashMap<>();

    PartitionFlavour(int defaultPartitions, Violations violations) {
        this.defaultPartitions = defaultPartitions;
        this.violations = violations;
    }

    @Override
    public Set<Capability> capabilities() {
        return Collections.unmodifiableSet(
                EnumSet.of(Capability.PARTITIONS, Capability.REPLAY, Capability.SIMULATED_TIME));
    }

    TopicLog topic(String name) {
        return topics.computeIfAbsent(name, n -> new TopicLog(n, defaultPartitions));
    }

    boolean exists(String topic) {
        return topics.containsKey(topic);
    }

    void create(String topic, int partitions) {
        topics.put(topic, new TopicLog(topic, partitions));
    }

    void grow(String topic, int total) {
        TopicLog log = topic(topic);
        log.grow(total);
        groups.values().forEach(group -> group.grown(log));
    }

    @Override
    public LogEntry publish(Message message) {
        LogEntry entry = topic(message.topic()).append(message);
        TopicPartition partition = new TopicPartition(message.topic(), entry.partition());
        groups.values().forEach(group -> group.appended(partition));
        return entry;
    }

    @Override
    public LogEntry publishDeadLetter(Message message) {
        return publish(message);
    }

    @Override
    public PartitionGroup group(String name) {
        return groups.computeIfAbsent(name, n -> new PartitionGroup(n, this, violations));
    }

    @Override
    public @Nullable PartitionGroup find(String name) {
        return groups.get(name);
    }

    @Override
    public Collection<PartitionGroup> groups() {
        return groups.values();
    }

    @Override
    public List<LogEntry> messages(String topic) {
        TopicLog log = topics.get(topic);
        return log == null ? new ArrayList<>() : new ArrayList<>(log.arrivals());
    }

    @Override
    public @Nullable Duration consumerTimeout() {
        return null;
    }
}
