package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.StartPosition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Asks the broker what {@link PositionRule} needs to know, and commits its pins. */
final class PositionResolver {
    private final DriverCalls driver;
    private final StartPosition start;
    private final Set<String> pinnedBefore = new TreeSet<>();

    PositionResolver(DriverCalls driver, StartPosition start) {
        this.driver = driver;
        this.start = start;
    }

    /** Where to read on, and what count each later commit repeats. */
    record Position(long offset, int count) {}

    /**
     * The positions of assigned partitions; all of them are committed when this returns.
     *
     * @throws org.apache.kafka.common.KafkaException when the broker could not be asked, or the partitions are being moved; to be repeated
     */
    Map<TopicPartition, Position> resolve(Collection<TopicPartition> assigned) {
        // Before the commits: see PositionRule.
        Map<TopicPartition, Long> ends = driver.endOffsets(assigned);
        Map<TopicPartition, PositionRule.Decision> decisions = new LinkedHashMap<>();
        for (String topic : topics(assigned)) {
            decide(topic, assigned, decisions);
        }
        Map<TopicPartition, Long> beginnings = beginnings(decisions);
        Map<TopicPartition, Position> positions = new LinkedHashMap<>();
        Map<TopicPartition, OffsetAndMetadata> pins = new LinkedHashMap<>();
        decisions.forEach((partition, decision) -> {
            Position position = position(decision, ends.get(partition), beginnings.get(partition));
            positions.put(partition, position);
            if (decision instanceof PositionRule.Pin) {
                pins.put(partition, new OffsetAndMetadata(position.offset(), PinMetadata.write(position.count())));
            }
        });
        if (!pins.isEmpty()) {
            driver.commitSync(pins, DriverCalls.QUESTION);
        }
        pinnedBefore.addAll(topics(assigned));
        return positions;
    }

    private void decide(
            String topic, Collection<TopicPartition> assigned, Map<TopicPartition, PositionRule.Decision> decisions) {
        List<TopicPartition> own = new ArrayList<>();
        int count = driver.partitionCount(topic);
        for (TopicPartition partition : assigned) {
            if (partition.topic().equals(topic)) {
                own.add(partition);
                // The leader of the group may know more partitions than we do.
                count = Math.max(count, partition.partition() + 1);
            }
        }
        SortedMap<Integer, PositionRule.Commit> commits = commits(topic, count);
        boolean madeAnew = commits.isEmpty() && pinnedBefore.contains(topic);
        for (TopicPartition partition : own) {
            decisions.put(
                    partition,
                    madeAnew
                            ? PositionRule.madeAnew()
                            : PositionRule.decide(partition.partition(), commits, count, start));
        }
    }

    private SortedMap<Integer, PositionRule.Commit> commits(String topic, int count) {
        SortedMap<Integer, PositionRule.Commit> commits = new TreeMap<>();
        driver.committed(partitions(topic, 0, count)).forEach((partition, commit) -> {
            if (commit != null) {
                Integer pinned = PinMetadata.read(commit.metadata());
                commits.put(partition.partition(), new PositionRule.Commit(commit.offset(), pinned));
            }
        });
        return commits;
    }

    private Map<TopicPartition, Long> beginnings(Map<TopicPartition, PositionRule.Decision> decisions) {
        List<TopicPartition> wanted = new ArrayList<>();
        decisions.forEach((partition, decision) -> {
            if (decision instanceof PositionRule.Pin pin && pin.edge() == PositionRule.Edge.BEGINNING) {
                wanted.add(partition);
            }
        });
        return wanted.isEmpty() ? new LinkedHashMap<>() : driver.beginningOffsets(wanted);
    }

    private static Position position(PositionRule.Decision decision, @Nullable Long end, @Nullable Long beginning) {
        if (decision instanceof PositionRule.Continue committed) {
            return new Position(committed.offset(), committed.count());
        }
        PositionRule.Pin pin = (PositionRule.Pin) decision;
        Long offset = pin.edge() == PositionRule.Edge.END ? end : beginning;
        return new Position(Objects.requireNonNull(offset, "offset"), pin.count());
    }

    /**
     * Whether the group is pinned in all partitions of a topic that exist as far as anybody in the group knew: what is sent from now on is
     * delivered, whichever member holds the partition.
     */
    boolean pinned(String topic) {
        int known = driver.partitionCount(topic);
        SortedMap<Integer, PositionRule.Commit> commits = commits(topic, known);
        int named = known;
        for (PositionRule.Commit commit : commits.values()) {
            Integer count = commit.count();
            named = count == null ? named : Math.max(named, count);
        }
        return known > 0
                && commits.size() == known
                && (named == known || commits(topic, named).size() == named);
    }

    private static Set<TopicPartition> partitions(String topic, int from, int to) {
        Set<TopicPartition> partitions = new LinkedHashSet<>();
        for (int partition = from; partition < to; partition++) {
            partitions.add(new TopicPartition(topic, partition));
        }
        return partitions;
    }

    private static Set<String> topics(Collection<TopicPartition> partitions) {
        Set<String> topics = new TreeSet<>();
        partitions.forEach(partition -> topics.add(partition.topic()));
        return topics;
    }
}
