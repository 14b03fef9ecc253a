package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.spi.Assignment;
import java.util.NavigableSet;
import java.util.TreeSet;

/** A partition in the hands of a member. Tags count from 1 in each holding, so that nobody takes them for offsets. Guarded by the broker's lock. */
final class Holding {
    final MemoryConsumer member;
    final Assignment assignment;
    boolean paused;
    boolean revoking;
    /** What was acknowledged while the connection was down, to be committed when it is back; 0 for nothing. */
    long uncommittedUpTo;

    private final long firstOffset;
    private long delivered;
    private final NavigableSet<Long> finishedAbove = new TreeSet<>();

    Holding(MemoryConsumer member, Assignment assignment, long firstOffset) {
        this.member = member;
        this.assignment = assignment;
        this.firstOffset = firstOffset;
    }

    TopicPartition partition() {
        return new TopicPartition(assignment.topic(), assignment.partition());
    }

    long position() {
        return firstOffset + delivered;
    }

    boolean deliverable() {
        return !paused && !revoking;
    }

    /** Counts one more delivery and returns its tag. */
    long deliver() {
        return ++delivered;
    }

    long offsetAfter(long tag) {
        return firstOffset + tag;
    }

    /** Notes what is finished; returns whether all of it was delivered and none of it named twice. */
    boolean finish(Acknowledgement acknowledgement) {
        boolean valid = acknowledgement.highest() <= delivered;
        for (long tag : acknowledgement.alsoThese()) {
            valid &= tag > acknowledgement.upTo() && finishedAbove.add(tag);
        }
        finishedAbove.headSet(acknowledgement.upTo(), true).clear();
        return valid;
    }
}
