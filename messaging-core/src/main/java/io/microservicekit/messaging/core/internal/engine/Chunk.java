package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.List;

/** Messages of one delivery; {@code next} is the first unfinished one. */
final class Chunk {
    final List<ReceivedMessage> messages;
    final long nanos;
    final long bytes;
    int next;

    Chunk(List<ReceivedMessage> messages, long nanos) {
        this(messages, nanos, sizeOf(messages));
    }

    private Chunk(List<ReceivedMessage> messages, long nanos, long bytes) {
        this.messages = messages;
        this.nanos = nanos;
        this.bytes = bytes;
    }

    Chunk copy() {
        Chunk copy = new Chunk(messages, nanos, bytes);
        copy.next = next;
        return copy;
    }

    int remaining() {
        return messages.size() - next;
    }

    private static long sizeOf(List<ReceivedMessage> messages) {
        MessageSizes sizes = new MessageSizes();
        long bytes = 0;
        for (ReceivedMessage message : messages) {
            bytes += sizes.of(message);
        }
        return bytes;
    }
}
