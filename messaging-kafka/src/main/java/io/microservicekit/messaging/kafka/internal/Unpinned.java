package io.microservicekit.messaging.kafka.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that were assigned and are not pinned yet, in groups that are pinned together: those of one topic, or one alone after its group could
 * not be pinned as a whole. So a partition without a leader keeps no other waiting. On the poll thread.
 */
final class Unpinned {
    /** A question that was not answered has blocked the polls; they come first for a while. */
    static final long PAUSE_NANOS = Duration.ofSeconds(3).toNanos();

    private final List<Group> groups = new ArrayList<>();

    /** What is pinned together, and not before when, if that matters. */
    private record Group(
            List<TopicPartition> partitions, @Nullable Long notBefore) {
        boolean isDue(long now) {
            return notBefore == null || now - notBefore >= 0;
        }
    }

    /** Adds partitions in front of those that failed before. */
    void add(Collection<TopicPartition> partitions) {
        remove(partitions);
        Map<String, List<TopicPartition>> topics = new LinkedHashMap<>();
        partitions.forEach(partition -> topics.computeIfAbsent(partition.topic(), topic -> new ArrayList<>())
                .add(partition));
        List<Group> added = new ArrayList<>();
        topics.values().forEach(group -> added.add(new Group(group, null)));
        groups.addAll(0, added);
    }

    void remove(Collection<TopicPartition> partitions) {
        groups.forEach(group -> group.partitions().removeAll(new ArrayList<>(partitions)));
        groups.removeIf(group -> group.partitions().isEmpty());
    }

    boolean isEmpty() {
        return groups.isEmpty();
    }

    /** The next to pin; empty when nothing is due. */
    List<TopicPartition> next(long now) {
        return groups.stream()
                .filter(group -> group.isDue(now))
                .findFirst()
                .map(group -> new ArrayList<>(group.partitions()))
                .orElseGet(ArrayList::new);
    }

    /** They could not be pinned: each alone from now on, behind all others, and one that was alone after a pause. */
    void failed(List<TopicPartition> partitions, long now) {
        remove(partitions);
        Long notBefore = partitions.size() == 1 ? Long.valueOf(now + PAUSE_NANOS) : null;
        for (TopicPartition partition : partitions) {
            List<TopicPartition> alone = new ArrayList<>();
            alone.add(partition);
            groups.add(new Group(alone, notBefore));
        }
    }
}
