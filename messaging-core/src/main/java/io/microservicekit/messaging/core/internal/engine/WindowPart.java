package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A delivery of which each message may be finished on its own; or, without messages, finished deliveries in a row. */
final class WindowPart {
    private final List<ReceivedMessage> messages;
    private final BitSet finished;
    private final long firstTag;
    private final long lastTag;
    private final int size;
    private final long bytes;
    private final long nanos;
    private int passed;

    WindowPart(Chunk chunk) {
        this(
                chunk.messages,
                new BitSet(chunk.messages.size()),
                new Range(
                        tag(chunk.messages, 0), tag(chunk.messages, chunk.messages.size() - 1), chunk.messages.size()),
                chunk.bytes,
                chunk.nanos);
    }

    private WindowPart(List<ReceivedMessage> messages, BitSet finished, Range range, long bytes, long nanos) {
        this.messages = messages;
        this.finished = finished;
        this.firstTag = range.firstTag();
        this.lastTag = range.lastTag();
        this.size = range.size();
        this.bytes = bytes;
        this.nanos = nanos;
    }

    private record Range(long firstTag, long lastTag, int size) {}

    private static long tag(List<ReceivedMessage> messages, int index) {
        return messages.get(index).position().tag();
    }

    WindowPart copy() {
        WindowPart copy =
                new WindowPart(messages, (BitSet) finished.clone(), new Range(firstTag, lastTag, size), bytes, nanos);
        copy.passed = passed;
        return copy;
    }

    /** The same part, which is full, so that nobody keeps its messages. */
    WindowPart withoutMessages() {
        WindowPart range = new WindowPart(List.of(), new BitSet(), new Range(firstTag, lastTag, size), 0, nanos);
        range.passed = passed;
        return range;
    }

    /** This part and the next as one; both are full, and the next has not been passed. */
    WindowPart with(WindowPart next) {
        Range range = new Range(firstTag, next.lastTag, size + next.size);
        WindowPart both = new WindowPart(List.of(), new BitSet(), range, 0, nanos);
        both.passed = passed;
        return both;
    }

    long firstTag() {
        return firstTag;
    }

    long bytes() {
        return bytes;
    }

    long nanos() {
        return nanos;
    }

    boolean isFull() {
        return messages.isEmpty() || finished.cardinality() == size;
    }

    /** Whether the message is one of these; once all are finished nobody can tell one from another of its tag. */
    @SuppressWarnings("ReferenceEquality") // each delivery has a position object of its own, which all attempts share
    boolean holds(ReceivedMessage message) {
        long tag = message.position().tag();
        if (messages.isEmpty()) {
            return tag <= lastTag;
        }
        int index = indexOf(tag);
        return index >= 0 && messages.get(index).position() == message.position();
    }

    boolean isFinished(long tag) {
        int index = indexOf(tag);
        return messages.isEmpty() ? tag <= lastTag : index >= 0 && finished.get(index);
    }

    /** Whether the message was unfinished until now. */
    boolean finish(long tag) {
        if (isFinished(tag)) {
            return false;
        }
        finished.set(indexOf(tag));
        return true;
    }

    private int indexOf(long tag) {
        int low = 0;
        int high = messages.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = tag(messages, middle);
            if (found == tag) {
                return middle;
            }
            low = found < tag ? middle + 1 : low;
            high = found < tag ? high : middle - 1;
        }
        return -1;
    }

    /** Passes over what is finished from the beginning, and returns how many messages that are more than before. */
    int advance() {
        int before = passed;
        passed = isFull() ? size : finished.nextClearBit(0);
        return passed - before;
    }

    /** The tag of the last message passed; there is one. */
    long upTo() {
        return passed == size ? lastTag : tag(messages, passed - 1);
    }

    @Nullable MessagePosition firstUnfinished() {
        return isFull() ? null : messages.get(finished.nextClearBit(0)).position();
    }

    String dump() {
        return " " + firstTag + "-" + lastTag + (isFull() ? "full" : finished.toString());
    }
}
