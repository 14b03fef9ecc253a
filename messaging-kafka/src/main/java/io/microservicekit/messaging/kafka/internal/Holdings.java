package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.spi.Assignment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The partitions of this consumer: those assigned and not pinned yet, and those that it holds. On the poll thread. */
final class Holdings {
    private final Unpinned unpinned = new Unpinned();
    private final Map<TopicPartition, Holding> held = new LinkedHashMap<>();
    private final Map<TopicPartition, Long> left = new LinkedHashMap<>();
    private final Holding.Tally uncommitted;
    private long lastEpoch;
    private long goneUncommitted;

    /** None yet; with how many acknowledged offsets of one partition are worth a commit before its time. */
    Holdings(long threshold) {
        this.uncommitted = new Holding.Tally(threshold);
    }

    void assigned(Collection<TopicPartition> partitions) {
        unpinned.add(partitions);
    }

    Unpinned unpinned() {
        return unpinned;
    }

    /** Begins to hold a partition at a position, in a new epoch. */
    Holding hold(TopicPartition partition, PositionResolver.Position position) {
        unpinned.remove(Collections.singleton(partition));
        lastEpoch++;
        Holding holding = new Holding(partition, lastEpoch, position.offset(), position.pin(), uncommitted);
        Holding before = held.put(partition, holding);
        if (before != null) {
            before.goes();
        }
        left.remove(partition);
        return holding;
    }

    /** Those of some partitions that are held. */
    List<Holding> of(Collection<TopicPartition> partitions) {
        List<Holding> found = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            Holding holding = held.get(partition);
            if (holding != null) {
                found.add(holding);
            }
        }
        return found;
    }

    /** Lets go of partitions, pinned or not. */
    void remove(Collection<TopicPartition> partitions) {
        unpinned.remove(partitions);
        for (TopicPartition partition : partitions) {
            Holding gone = held.remove(partition);
            if (gone != null) {
                gone.goes();
                left.put(partition, gone.positions().next());
            }
        }
    }

    /** Lets go of partitions whose progress will not be committed any more. */
    void removeUncommitted(Collection<TopicPartition> partitions) {
        of(partitions).forEach(holding -> goneUncommitted += holding.uncommitted());
        remove(partitions);
    }

    /** How many acknowledged offsets the broker has not taken: of what is held, and of what went so. */
    long unacknowledged() {
        return uncommitted.offsets() + goneUncommitted;
    }

    /** Where reading stopped in a partition that was held before and is not now, null when it never was. */
    @Nullable Long left(TopicPartition partition) {
        return left.get(partition);
    }

    @Nullable Holding get(TopicPartition partition) {
        return held.get(partition);
    }

    /** The holding of an assignment, null when it is gone: an old epoch. */
    @Nullable Holding get(Assignment assignment) {
        Holding holding = held.get(new TopicPartition(assignment.topic(), assignment.partition()));
        return holding != null && holding.assignment().epoch() == assignment.epoch() ? holding : null;
    }

    boolean holds(Holding holding) {
        return held.get(holding.partition()) == holding;
    }

    Collection<Holding> all() {
        return new ArrayList<>(held.values());
    }

    /** Whether a partition has acknowledged so many offsets that are not committed that they are worth a commit before its time. */
    boolean isWorthACommit() {
        return uncommitted.isWorthACommit();
    }

    static Set<Assignment> assignments(Collection<Holding> holdings) {
        Set<Assignment> assignments = new LinkedHashSet<>();
        holdings.forEach(holding -> assignments.add(holding.assignment()));
        return assignments;
    }

    static List<TopicPartition> partitions(Collection<Holding> holdings) {
        List<TopicPartition> partitions = new ArrayList<>();
        holdings.forEach(holding -> partitions.add(holding.partition()));
        return partitions;
    }
}
