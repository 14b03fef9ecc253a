package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.ArrayDeque;
import java.util.List;

/** The unfinished messages of one lane, in order of delivery. A batch under way keeps its bytes until its last message is finished. */
final class Backlog {
    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
    private int count;
    private long bytes;

    Backlog copy() {
        Backlog copy = new Backlog();
        chunks.forEach(chunk -> copy.chunks.add(chunk.copy()));
        copy.count = count;
        copy.bytes = bytes;
        return copy;
    }

    void add(Chunk chunk) {
        chunks.add(chunk);
        count += chunk.messages.size();
        bytes += chunk.bytes;
    }

    int count() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return count == 0;
    }

    ReceivedMessage head() {
        Chunk chunk = chunks.getFirst();
        return chunk.messages.get(chunk.next);
    }

    /** When the oldest unfinished message was delivered. */
    long oldestNanos() {
        return chunks.getFirst().nanos;
    }

    /** The next messages to run, at most {@code max} and never across two deliveries, so that nothing is copied. */
    List<ReceivedMessage> nextRun(int max) {
        Chunk chunk = chunks.getFirst();
        return chunk.messages.subList(chunk.next, chunk.next + Math.min(max, chunk.remaining()));
    }

    /** Finishes the first {@code n} messages and returns the tag of the last of them. */
    long finish(int n) {
        long tag = 0;
        for (int left = n; left > 0; ) {
            Chunk chunk = chunks.getFirst();
            int step = Math.min(left, chunk.remaining());
            chunk.next += step;
            left -= step;
            tag = chunk.messages.get(chunk.next - 1).position().tag();
            dropIfFinished(chunk);
        }
        count -= n;
        return tag;
    }

    private void dropIfFinished(Chunk chunk) {
        if (chunk.remaining() == 0) {
            chunks.removeFirst();
            bytes -= chunk.bytes;
        }
    }

    String dump() {
        if (isEmpty()) {
            return "-";
        }
        StringBuilder text = new StringBuilder();
        for (Chunk chunk : chunks) {
            for (int i = chunk.next; i < chunk.messages.size(); i++) {
                text.append(text.length() == 0 ? "" : i == chunk.next ? "|" : ",")
                        .append(chunk.messages.get(i).position().tag());
            }
        }
        return text.toString();
    }
}
