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
    private final boolean manual;
    private final @Nullable Window window;
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private long handled;
    private long finished;
    private long passedOn;
    private long taken;
    private long tag;

    /** Messages are finished in order of delivery, by being handled. */
    AckLog(int maxUncommitted) {
        this(Math.max(1, maxUncommitted / 64), false, null);
    }

    private AckLog(int markEvery, boolean manual, @Nullable Window window) {
        this.markEvery = markEvery;
        this.manual = manual;
        this.window = window;
    }

    static AckLog of(EngineLimits limits) {
        return limits.inAnyOrder()
                ? new AckLog(Math.max(1, limits.maxUncommitted() / 64), limits.manual(), new Window())
                : new AckLog(limits.maxUncommitted());
    }

    AckLog copy() {
        AckLog copy = new AckLog(markEvery, manual, window == null ? null : window.copy());
        copy.marks.addAll(marks);
        copy.handled = handled;
        copy.finished = finished;
        copy.passedOn = passedOn;
        copy.taken = taken;
        copy.tag = tag;
        return copy;
    }

    /** Whether messages are finished one by one. */
    boolean isInAnyOrder() {
        return window != null;
    }

    /** Whether being handled is not enough to be finished. */
    boolean isManual() {
        return manual;
    }

    void delivered(Chunk chunk) {
        if (window != null) {
            window.delivered(chunk);
        }
    }

    /** A message was handled, wherever it stands; whether that finished it. */
    boolean handledOne(long number) {
        handled++;
        boolean news = !manual && window().finish(number);
        if (news) {
            advance();
        }
        return news;
    }

    /** The next messages were handled, which finishes them unless their user does; returns how many that finished. */
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
        Window.Finish outcome = window().finish(message);
        advance();
        return outcome;
    }

    private void advance() {
        Window open = window();
        if (open.prefix() > finished) {
            finished = open.prefix();
            tag = open.upTo();
        }
    }

    /** Whether a message that is not handled was finished by its user. */
    boolean isFinished(ReceivedMessage message) {
        return manual && window().isFinished(message);
    }

    /** The same of the message with a number. */
    boolean isFinished(long number) {
        return manual && window().isFinished(number);
    }

    private Window window() {
        return Objects.requireNonNull(window, "only in any order is one finished by itself");
    }

    /** The number of a message above the watermark, negative when it is not there. */
    long numberOf(ReceivedMessage message) {
        return window().numberOf(message.position().tag());
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
