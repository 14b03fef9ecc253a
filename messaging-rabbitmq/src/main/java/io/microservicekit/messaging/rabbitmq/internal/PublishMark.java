package io.microservicekit.messaging.rabbitmq.internal;

import org.jspecify.annotations.Nullable;

/** By what a returned message is known: the epoch of its channel and its number there. */
final class PublishMark {
    private PublishMark() {}

    static String of(long epoch, long sequence) {
        return epoch + "-" + sequence;
    }

    /** The number; −1 when the mark is none of this channel. */
    static long sequence(long epoch, @Nullable String mark) {
        String prefix = epoch + "-";
        if (mark == null || !mark.startsWith(prefix)) {
            return -1;
        }
        try {
            return Long.parseLong(mark.substring(prefix.length()));
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
