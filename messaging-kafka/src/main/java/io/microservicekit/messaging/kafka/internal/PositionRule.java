package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.StartPosition;
import java.util.Collection;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a group reads on in a partition that was assigned to one of its members. A pure function.
 *
 * <p>Nothing that was sent after a group became ready is skipped, provided that the caller reads the end offsets <em>before</em> the commits, and
 * calls a member ready only when each partition below the largest count that any commit names has a commit. Then a member that finds no count was
 * first, and the end it read is older than any readiness; and one that finds a count above its partition number sees a group that is not ready.
 */
final class PositionRule {
    private PositionRule() {}

    /** A committed offset; the count is null when another client wrote it. */
    record Commit(long offset, @Nullable Integer count) {}

    /** Where to read on; the count goes into each later commit of the partition. */
    sealed interface Decision permits Continue, Pin {
        int count();
    }

    /** At the committed offset. */
    record Continue(long offset, int count) implements Decision {}

    /** Nothing was committed yet: commit one of the ends of the partition before reading. */
    record Pin(Edge edge, int count) implements Decision {}

    /** The ends of a partition. */
    enum Edge {
        BEGINNING,
        END
    }

    /**
     * Decides for one partition.
     *
     * @param partition the assigned partition
     * @param commits the commits of all partitions of its topic
     * @param countNow how many partitions the topic has as far as is known
     * @param start where a group begins that has never committed
     */
    static Decision decide(int partition, SortedMap<Integer, Commit> commits, int countNow, StartPosition start) {
        Integer found = smallestCount(commits.values());
        int count = found == null ? countNow : found;
        Commit own = commits.get(partition);
        if (own != null) {
            return new Continue(own.offset(), own.count() == null ? count : own.count());
        }
        boolean bornLater = found != null && partition >= found;
        return new Pin(bornLater || start.equals(StartPosition.EARLIEST) ? Edge.BEGINNING : Edge.END, count);
    }

    /**
     * For a topic in which this subscription had pinned the group, and of which no commit is left: it was deleted, and made anew. All that is in it
     * was sent after the group was ready. The count of none makes every member that asks later begin at the beginning, too.
     */
    static Decision madeAnew() {
        return new Pin(Edge.BEGINNING, 0);
    }

    /** The first member's count: a later one may have known more partitions, which may have received messages since. */
    private static @Nullable Integer smallestCount(Collection<Commit> commits) {
        Integer smallest = null;
        for (Commit commit : commits) {
            Integer count = commit.count();
            if (count != null && (smallest == null || count < smallest)) {
                smallest = count;
            }
        }
        return smallest;
    }
}
