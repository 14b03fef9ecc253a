package io.microservicekit.messaging.core.internal.engine;

import java.util.ArrayDeque;

/** How many messages of a lane are finished, and how many of those the broker has taken: the only watermark there is. */
final class AckLog {
    private final int markEvery;
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private long finished;
    private long passedOn;
    private long taken;
    private long tag;

    AckLog(int maxUncommitted) {
        this.markEvery = Math.max(1, maxUncommitted / 64);
    }

    AckLog copy() {
        AckLog copy = new AckLog(markEvery * 64);
        copy.marks.addAll(marks);
        copy.finished = finished;
        copy.passedOn = passedOn;
        copy.taken = taken;
        copy.tag = tag;
        return copy;
    }

    void finished(int count, long lastTag) {
        finished += count;
        tag = lastTag;
    }

    /** Whether messages were finished that the adapter has not been told of. */
    boolean hasNews() {
        return finished > passedOn;
    }

    /** Remembers that the adapter is told of all finished messages, and returns the tag of the last. */
    long passOn() {
        passedOn = finished;
        Mark last = marks.peekLast();
        long before = last == null ? taken : last.before();
        if (last != null && finished - before <= markEvery) {
            marks.removeLast();
        } else {
            before = last == null ? taken : last.finished();
        }
        marks.add(new Mark(tag, finished, before));
        return tag;
    }

    /** The broker has taken everything up to a tag. */
    void taken(long upTo) {
        while (!marks.isEmpty() && marks.getFirst().tag() <= upTo) {
            taken = marks.removeFirst().finished();
        }
    }

    long finished() {
        return finished;
    }

    /** How many messages would come again after a crash. An upper bound: off by at most a sixty-fourth of the configured maximum. */
    int uncommitted() {
        return (int) (finished - taken);
    }

    String dump() {
        StringBuilder text = new StringBuilder();
        text.append(finished).append('/').append(passedOn).append('/').append(taken);
        marks.forEach(mark -> text.append(':').append(mark.tag()));
        return text.toString();
    }

    private record Mark(long tag, long finished, long before) {}
}
