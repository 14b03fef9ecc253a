package io.microservicekit.messaging.kafka.internal;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Which position to commit when messages up to a tag are finished: behind the tag, and behind the gap that follows it when compaction, aborted
 * transactions or control records left one. Of one partition in one assignment; its tags are offsets.
 */
final class CommitPositions {
    private final Deque<Gap> gaps = new ArrayDeque<>();
    private long lastTag;
    private long next;
    private long reached;

    /** The last tag before a gap and the offset behind the gap. */
    private record Gap(long afterTag, long next) {}

    CommitPositions(long start) {
        this.lastTag = start - 1;
        this.next = start;
        this.reached = start;
    }

    /** Messages up to a tag were delivered. */
    void delivered(long firstTag, long lastTag) {
        advanced(firstTag);
        this.lastTag = lastTag;
        this.next = lastTag + 1;
    }

    /** Reading goes on at an offset without a message in between. */
    void advanced(long offset) {
        if (offset > next) {
            next = offset;
            Gap last = gaps.peekLast();
            if (last != null && last.afterTag() == lastTag) {
                gaps.removeLast();
            }
            if (offset > lastTag + 1) {
                gaps.addLast(new Gap(lastTag, offset));
            }
        }
    }

    /** Where reading goes on: whatever is below was delivered or is a gap. */
    long next() {
        return next;
    }

    /** The position to commit when all messages up to a tag are finished. Never goes back. */
    long position(long upTo) {
        for (Gap gap = gaps.peekFirst(); gap != null && gap.afterTag() <= upTo; gap = gaps.peekFirst()) {
            reached = Math.max(reached, gap.next());
            gaps.removeFirst();
        }
        reached = Math.max(reached, upTo + 1);
        return reached;
    }
}
