package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The delivered messages of an assignment when they may be finished in any order: a bitmap over the order of delivery, in parts as they were
 * delivered, and behind its first gap the watermark. Parts that are finished as a whole keep no messages, and melt together.
 */
final class Window {
    /** What finishing a message came to. */
    enum Finish {
        /** It was not delivered in this assignment. */
        UNKNOWN,
        /** It was finished before. */
        ALREADY,
        /** It was unfinished until now. */
        NEWLY
    }

    private final TreeMap<Long, WindowPart> parts = new TreeMap<>();
    private final NavigableSet<Long> newsAbove = new TreeSet<>();
    private boolean begun;
    private long firstTag;
    private long upTo;
    private long prefix;
    private int unfinished;
    private long bytes;

    Window copy() {
        Window copy = new Window();
        parts.forEach((tag, part) -> copy.parts.put(tag, part.copy()));
        copy.newsAbove.addAll(newsAbove);
        copy.begun = begun;
        copy.firstTag = firstTag;
        copy.upTo = upTo;
        copy.prefix = prefix;
        copy.unfinished = unfinished;
        copy.bytes = bytes;
        return copy;
    }

    void delivered(Chunk chunk) {
        WindowPart part = new WindowPart(chunk);
        if (!begun) {
            begun = true;
            firstTag = part.firstTag();
            upTo = firstTag - 1;
        }
        parts.put(part.firstTag(), part);
        unfinished += chunk.messages.size();
        bytes += chunk.bytes;
    }

    /** Finishes a message. An equal position that is another object belongs to another delivery: of another consumer, or of a former life of this. */
    Finish finish(ReceivedMessage message) {
        long tag = message.position().tag();
        Map.Entry<Long, WindowPart> at = parts.floorEntry(tag);
        if (at == null) {
            return begun && tag >= firstTag && tag <= upTo ? Finish.ALREADY : Finish.UNKNOWN;
        }
        WindowPart part = at.getValue();
        if (!part.holds(message)) {
            return Finish.UNKNOWN;
        }
        if (!part.finish(tag)) {
            return Finish.ALREADY;
        }
        unfinished--;
        newsAbove.add(tag);
        if (part.isFull()) {
            bytes -= part.bytes();
            melt(part);
        }
        advance();
        return Finish.NEWLY;
    }

    boolean isFinished(ReceivedMessage message) {
        long tag = message.position().tag();
        Map.Entry<Long, WindowPart> at = parts.floorEntry(tag);
        return at == null ? begun && tag <= upTo : at.getValue().isFinished(tag);
    }

    private void melt(WindowPart part) {
        Map.Entry<Long, WindowPart> below = parts.lowerEntry(part.firstTag());
        Map.Entry<Long, WindowPart> above = parts.higherEntry(part.firstTag());
        WindowPart whole = part.withoutMessages();
        if (above != null && above.getValue().isFull()) {
            whole = whole.with(above.getValue());
            parts.remove(above.getKey());
        }
        if (below != null && below.getValue().isFull()) {
            parts.remove(part.firstTag());
            whole = below.getValue().with(whole);
        }
        parts.put(whole.firstTag(), whole);
    }

    private void advance() {
        for (Map.Entry<Long, WindowPart> first = parts.firstEntry(); first != null; first = parts.firstEntry()) {
            WindowPart part = first.getValue();
            int gained = part.advance();
            prefix += gained;
            upTo = gained == 0 ? upTo : part.upTo();
            if (!part.isFull()) {
                break;
            }
            parts.pollFirstEntry();
        }
        newsAbove.headSet(upTo, true).clear();
    }

    /** How many messages from the first on are finished without a gap. */
    long prefix() {
        return prefix;
    }

    /** The tag of the last message before the first unfinished one; below every delivered tag when that is the first of all. */
    long upTo() {
        return upTo;
    }

    int unfinished() {
        return unfinished;
    }

    /** The bytes of the deliveries that are not finished as a whole. */
    long bytes() {
        return bytes;
    }

    /** The first unfinished message, null when there is none. */
    @Nullable MessagePosition firstUnfinished() {
        return parts.isEmpty() ? null : parts.firstEntry().getValue().firstUnfinished();
    }

    /** When the first unfinished message was delivered. */
    long oldestNanos() {
        return parts.firstEntry().getValue().nanos();
    }

    boolean hasNewsAbove() {
        return !newsAbove.isEmpty();
    }

    /** The tags above the watermark that were finished since this was asked last. */
    List<Long> takeNewsAbove() {
        List<Long> news = new ArrayList<>(newsAbove);
        newsAbove.clear();
        return news;
    }

    String dump() {
        StringBuilder text =
                new StringBuilder("upTo=").append(upTo).append(" of ").append(prefix);
        parts.values().forEach(part -> text.append(part.dump()));
        return newsAbove.isEmpty()
                ? text.toString()
                : text.append(" news=").append(newsAbove).toString();
    }
}
