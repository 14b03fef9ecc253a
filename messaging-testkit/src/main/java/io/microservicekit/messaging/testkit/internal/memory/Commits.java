package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.StartPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The committed offsets of a group, from the first pin on. Guarded by the broker's lock. */
final class Commits {
    private final TreeMap<String, Integer> pinnedPartitions = new TreeMap<>();
    private final TreeMap<TopicPartition, Long> committed = new TreeMap<>();
    private final TreeMap<TopicPartition, Long> deliveredUpTo = new TreeMap<>();
    private long redelivered;

    boolean pinned(String topic) {
        return pinnedPartitions.containsKey(topic);
    }

    NavigableSet<TopicPartition> partitions() {
        return committed.navigableKeySet();
    }

    /** Gives each partition a committed offset that has none: where the start position says at the first pin of the topic, 0 for later ones. */
    void pin(TopicLog topic, StartPosition start) {
        @Nullable Integer before = pinnedPartitions.put(topic.name(), topic.partitions());
        for (int partition = before == null ? 0 : before; partition < topic.partitions(); partition++) {
            TopicPartition key = new TopicPartition(topic.name(), partition);
            long offset = before == null ? topic.start(partition, start) : 0;
            committed.put(key, offset);
            deliveredUpTo.put(key, offset);
        }
    }

    long committed(TopicPartition partition) {
        return committed.getOrDefault(partition, 0L);
    }

    void commit(TopicPartition partition, long offset) {
        committed.merge(partition, offset, Math::max);
    }

    void delivered(TopicPartition partition, long from, long to) {
        long before = deliveredUpTo.getOrDefault(partition, 0L);
        redelivered += Math.max(0, Math.min(before, to) - from);
        deliveredUpTo.put(partition, Math.max(before, to));
    }

    long redelivered() {
        return redelivered;
    }

    List<String> losses(String group) {
        List<String> losses = new ArrayList<>();
        committed.forEach((partition, offset) -> {
            long delivered = deliveredUpTo.getOrDefault(partition, 0L);
            if (offset > delivered) {
                losses.add("group " + group + " committed " + offset + " of " + partition
                        + " but was given only the offsets below " + delivered);
            }
        });
        return losses;
    }
}
