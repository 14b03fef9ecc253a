package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.StartPosition;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a group reads on in a partition that was assigned to one of its members. A pure function.
 *
 * <p>Nothing that was sent after a group became ready is skipped, provided that the caller reads the id of the topic before the end offsets, those
 * <em>before</em> the commits, and calls a member ready only when each partition below the largest count that any commit names has a commit. Then a
 * member that finds no count was first, and the end it read is older than any readiness; and one that finds a count above its partition number sees a
 * group that is not ready.
 */
final class PositionRule {
    private PositionRule() {}

    /** A committed offset; its pin is null when another client wrote it. */
    record Commit(long offset, @Nullable PinMetadata pin) {
        private boolean isOf(@Nullable String id) {
            return pin == null
                    || pin.topicId() == null
                    || id == null
                    || pin.topicId().equals(id);
        }
    }

    /**
     * What is known of a topic.
     *
     * @param count how many partitions it has as far as is known
     * @param id its id, null when the broker does not tell it
     * @param known what this subscription knew of it before
     */
    record Topic(int count, @Nullable String id, Known known) {}

    /** What a subscription knew of a topic before it asked. */
    enum Known {
        NOTHING,
        /** The group had been pinned in it. */
        PINNED,
        /** The group had been pinned in an earlier topic of the name, or there was none: all that is in it now was sent after that. */
        EARLIER
    }

    /** Where to read on; the pin goes into each later commit of the partition. */
    sealed interface Decision permits Continue, Pin {
        PinMetadata pin();
    }

    /** At the committed offset. */
    record Continue(long offset, PinMetadata pin) implements Decision {}

    /**
     * Nothing was committed yet: commit an edge of the partition before reading.
     *
     * @param madeAnew whether the topic was deleted and made anew after the group was pinned, or is new to everybody
     * @param former the offset that the group had committed in an earlier topic of the name, null when none is found
     */
    record Pin(
            Edge edge,
            PinMetadata pin,
            boolean madeAnew,
            @Nullable Long former) implements Decision {}

    /** Where a partition may be begun. */
    enum Edge {
        BEGINNING,
        /** The first message at or after the time of the start position. */
        TIME,
        END
    }

    /**
     * Decides for one partition.
     *
     * @param partition the assigned partition
     * @param commits the commits of all partitions of its topic
     * @param topic the topic
     * @param start where a group begins that has never committed
     */
    static Decision decide(int partition, SortedMap<Integer, Commit> commits, Topic topic, StartPosition start) {
        SortedMap<Integer, Commit> present = new TreeMap<>(commits);
        present.values().removeIf(commit -> !commit.isOf(topic.id()));
        // Commits of a topic that was deleted, or none where there had been some: all that is in it now was sent after
        // the group was ready. The count of none makes every member that asks later begin at the beginning, too.
        boolean madeAnew = present.size() < commits.size()
                || topic.known() == Known.EARLIER
                || (commits.isEmpty() && topic.known() == Known.PINNED);
        Integer found = madeAnew ? Integer.valueOf(0) : smallestCount(present.values());
        PinMetadata pin = new PinMetadata(found == null ? topic.count() : found, topic.id());
        Commit own = present.get(partition);
        if (own != null) {
            return new Continue(own.offset(), repeated(own.pin(), pin));
        }
        Commit former = commits.get(partition);
        boolean bornLater = found != null && partition >= found;
        return new Pin(
                bornLater ? Edge.BEGINNING : edge(start),
                pin,
                madeAnew,
                former == null ? null : Long.valueOf(former.offset()));
    }

    private static PinMetadata repeated(@Nullable PinMetadata own, PinMetadata other) {
        if (own == null) {
            return other;
        }
        return own.topicId() == null ? new PinMetadata(own.count(), other.topicId()) : own;
    }

    private static Edge edge(StartPosition start) {
        if (start.time() != null) {
            return Edge.TIME;
        }
        return start.equals(StartPosition.EARLIEST) ? Edge.BEGINNING : Edge.END;
    }

    /** The first member's count: a later one may have known more partitions, which may have received messages since. */
    private static @Nullable Integer smallestCount(Collection<Commit> commits) {
        Integer smallest = null;
        for (Commit commit : commits) {
            PinMetadata pin = commit.pin();
            if (pin != null && (smallest == null || pin.count() < smallest)) {
                smallest = pin.count();
            }
        }
        return smallest;
    }
}
