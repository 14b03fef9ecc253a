package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How many messages of an assignment are finished, and how many of those the broker has taken: the only watermark there is. What is finished in
 * order of delivery costs a count; finishing in any order needs a {@link Window} beside it.
 */
final class AckLog {
    private final int markEvery;
    private final @Nullable Window window;
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private long handled;
    private long finished;
    private long passedOn;
    private long taken;
    private long tag;

    /** Messages are finished in order of delivery. */
    AckLog(int maxUncommitted) {
        this(Math.max(1, maxUncommitted / 64), null);
    }

    private AckLog(int markEvery, @Nullable Window window) {
        this.markEvery = markEvery;
        this.window = window;
    }

    /** Messages are finished in any order, once handled or before. */
    static AckLog inAnyOrder(int maxUncommitted) {
        return new AckLog(Math.max(1, maxUncommitted / 64), new Window());
    }

    AckLog copy() {
        AckLog copy = new AckLog(markEvery, window == null ? null : window.copy());
        copy.marks.addAll(marks);
        copy.handled = handled;
        copy.finished = finished;
        copy.passedOn = passedOn;
        copy.taken = taken;
        copy.tag = tag;
        return copy;
    }

    /** Whether being handled is not enough to be finished. */
    boolean isInAnyOrder() {
        return window != null;
    }

    void delivered(Chunk chunk) {
        if (window != null) {
            window.delivered(chunk);
        }
    }

    /** The next messages were handled, which finishes them when they are finished in order; returns how many that finished. */
    int handled(int count, long lastTag) {
        if (window != null) {
            handled += count;
            return 0;
        }
        finished(count, lastTag);
        return count;
    }

    void finished(int count, long lastTag) {
        handled += count;
        finished += count;
        tag = lastTag;
    }

    /** One message is finished, wherever it stands. */
    Window.Finish finish(ReceivedMessage message) {
        Window open = window();
        Window.Finish outcome = open.finish(message);
        if (outcome == Window.Finish.NEWLY && open.prefix() > finished) {
            finished = open.prefix();
            tag = open.upTo();
        }
        return outcome;
    }

    boolean isFinished(ReceivedMessage message) {
        return window != null && window.isFinished(message);
    }

    private Window window() {
        return Objects.requireNonNull(window, "only in any order is one finished by itself");
    }

    /** Whether a message is below the watermark: all before it are finished too. */
    boolean isCovered(ReceivedMessage message) {
        return message.position().tag() <= window().upTo();
    }

    /** Whether something below the watermark is not known to be at the broker. */
    boolean isAwaited() {
        return finished > taken;
    }

    /** Whether messages were finished that the adapter has not been told of. */
    boolean hasNews() {
        return finished > passedOn || (window != null && window.hasNewsAbove());
    }

    /** The tags beyond {@link #passOn()} that the adapter is told of, once. */
    List<Long> passOnAbove() {
        return window == null ? List.of() : window.takeNewsAbove();
    }

    /** Remembers that the adapter is told of all messages finished without a gap, and returns the tag of the last. */
    long passOn() {
        if (finished == passedOn) {
            return window == null ? tag : window.upTo();
        }
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

    /** How many handled messages would come again after a crash. An upper bound: off by at most a sixty-fourth of the configured maximum. */
    int uncommitted() {
        return (int) (handled - taken);
    }

    /** How many messages are not finished, handled or not; counted in any order only. */
    int unfinished() {
        return window().unfinished();
    }

    long unfinishedBytes() {
        return window().bytes();
    }

    @Nullable MessagePosition firstUnfinished() {
        return window().firstUnfinished();
    }

    long oldestNanos() {
        return window().oldestNanos();
    }

    String dump() {
        List<Long> open = marks.stream().map(Mark::tag).toList();
        return finished + "/" + passedOn + "/" + taken + (open.isEmpty() ? "" : open)
                + (window == null ? "" : " handled=" + handled + " window " + window.dump());
    }

    private record Mark(long tag, long finished, long before) {}
}
