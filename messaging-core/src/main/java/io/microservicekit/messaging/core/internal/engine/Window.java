package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The delivered messages of an assignment when they may be finished in any order, numbered from 0 in the order of delivery: a ring from the first
 * unfinished one on. Behind its first gap is the watermark. It keeps no message, only where it stands and how large it is.
 */
final class Window {
    private static final int LEAST = 16;

    /** What finishing a message came to. */
    enum Finish {
        /** It was not delivered in this assignment. */
        UNKNOWN,
        /** It was finished before. */
        ALREADY,
        /** It was unfinished until now. */
        NEWLY
    }

    private @Nullable MessagePosition[] positions = new MessagePosition[LEAST];
    private long[] nanos = new long[LEAST];
    private int[] sizes = new int[LEAST];
    private boolean[] finished = new boolean[LEAST];
    private long[] news = new long[LEAST];
    private int newsCount;
    private long first;
    private long end;
    private long firstTag;
    private long upTo;
    private int unfinished;
    private long bytes;

    Window copy() {
        Window copy = new Window();
        copy.positions = positions.clone();
        copy.nanos = nanos.clone();
        copy.sizes = sizes.clone();
        copy.finished = finished.clone();
        copy.news = news.clone();
        copy.newsCount = newsCount;
        copy.first = first;
        copy.end = end;
        copy.firstTag = firstTag;
        copy.upTo = upTo;
        copy.unfinished = unfinished;
        copy.bytes = bytes;
        return copy;
    }

    void delivered(Chunk chunk) {
        MessageSizes measure = new MessageSizes();
        for (ReceivedMessage message : chunk.messages) {
            add(message, chunk.nanos, measure.of(message));
        }
        unfinished += chunk.messages.size();
    }

    private void add(ReceivedMessage message, long at, long size) {
        if (end - first == positions.length) {
            grow();
        }
        if (end == 0) {
            firstTag = message.position().tag();
            upTo = firstTag - 1;
        }
        int slot = slot(end++);
        positions[slot] = message.position();
        nanos[slot] = at;
        sizes[slot] = (int) Math.min(Integer.MAX_VALUE, size);
        bytes += sizes[slot];
        finished[slot] = false;
    }

    private void grow() {
        int length = positions.length;
        positions = Rings.grown(positions, new MessagePosition[2 * length], length, first);
        nanos = Rings.grown(nanos, new long[2 * length], length, first);
        sizes = Rings.grown(sizes, new int[2 * length], length, first);
        finished = Rings.grown(finished, new boolean[2 * length], length, first);
    }

    private int slot(long number) {
        return (int) number & (positions.length - 1);
    }

    /** Finishes a message. An equal position that is another object belongs to another delivery: of another consumer, or of a former life of this. */
    @SuppressWarnings("ReferenceEquality") // each delivery has a position object of its own, which all attempts share
    Finish finish(ReceivedMessage message) {
        long tag = message.position().tag();
        if (end > 0 && tag <= upTo) {
            return tag >= firstTag ? Finish.ALREADY : Finish.UNKNOWN;
        }
        long number = numberOf(tag);
        if (number < 0 || positions[slot(number)] != message.position()) {
            return Finish.UNKNOWN;
        }
        return finish(number) ? Finish.NEWLY : Finish.ALREADY;
    }

    /** Finishes a message above the watermark; whether it was unfinished until now. */
    boolean finish(long number) {
        int slot = slot(number);
        if (finished[slot]) {
            return false;
        }
        finished[slot] = true;
        unfinished--;
        bytes -= sizes[slot];
        if (number == first) {
            advance();
        } else {
            addNews(number);
        }
        return true;
    }

    private void addNews(long number) {
        if (newsCount == news.length) {
            news = Arrays.copyOf(news, 2 * newsCount);
        }
        news[newsCount++] = number;
    }

    private void advance() {
        while (first < end && finished[slot(first)]) {
            upTo = tag(first);
            positions[slot(first++)] = null;
        }
    }

    private long tag(long number) {
        MessagePosition position = positions[slot(number)];
        return position == null ? upTo : position.tag();
    }

    /** The number of a tag above the watermark, negative when it was not delivered. */
    long numberOf(long tag) {
        long low = first;
        long high = end - 1;
        while (low <= high) {
            long middle = (low + high) >>> 1;
            long found = tag(middle);
            if (found == tag) {
                return middle;
            }
            low = found < tag ? middle + 1 : low;
            high = found < tag ? high : middle - 1;
        }
        return -1;
    }

    boolean isFinished(ReceivedMessage message) {
        long tag = message.position().tag();
        long number = numberOf(tag);
        return number < 0 ? end > 0 && tag <= upTo : finished[slot(number)];
    }

    boolean isFinished(long number) {
        return number < first || finished[slot(number)];
    }

    /** How many messages from the first on are finished without a gap: the number of the first unfinished one. */
    long prefix() {
        return first;
    }

    /** The tag of the last message before the first unfinished one; below every delivered tag when that is the first of all. */
    long upTo() {
        return upTo;
    }

    int unfinished() {
        return unfinished;
    }

    /** The bytes of the unfinished messages. */
    long bytes() {
        return bytes;
    }

    /** The first unfinished message, null when there is none. */
    @Nullable MessagePosition firstUnfinished() {
        return first == end ? null : positions[slot(first)];
    }

    /** When the first unfinished message was delivered; there is one. */
    long oldestNanos() {
        return nanos[slot(first)];
    }

    boolean hasNewsAbove() {
        int kept = 0;
        for (int i = 0; i < newsCount; i++) {
            if (news[i] > first) {
                news[kept++] = news[i];
            }
        }
        newsCount = kept;
        return kept > 0;
    }

    /** The tags above the watermark that were finished since this was asked last, rising. */
    List<Long> takeNewsAbove() {
        if (!hasNewsAbove()) {
            return List.of();
        }
        Arrays.sort(news, 0, newsCount);
        List<Long> tags = new ArrayList<>(newsCount);
        for (int i = 0; i < newsCount; i++) {
            tags.add(tag(news[i]));
        }
        newsCount = 0;
        return tags;
    }

    String dump() {
        StringBuilder text =
                new StringBuilder("upTo=").append(upTo).append(" of ").append(first);
        for (long number = first; number < end; number++) {
            text.append(' ').append(tag(number)).append(finished[slot(number)] ? "+" : "");
        }
        long[] open = Arrays.copyOf(news, hasNewsAbove() ? newsCount : 0);
        Arrays.sort(open);
        return open.length == 0
                ? text.toString()
                : text.append(" news=").append(Arrays.toString(open)).toString();
    }
}
