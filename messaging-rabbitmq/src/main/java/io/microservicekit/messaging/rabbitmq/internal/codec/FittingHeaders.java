package io.microservicekit.messaging.rabbitmq.internal.codec;

import io.microservicekit.messaging.api.message.DeadLetterHeaders;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Headers of a dead letter that fit into a frame. A message may come with headers that fill one, to which those of a dead letter are added: rather than
 * that its queue is blocked for ever the largest are left out, and the dead letter says which.
 */
public final class FittingHeaders {
    /** The names of those that were left out. */
    public static final String DROPPED = "x-dropped-headers";

    private static final List<String> KEPT = List.of(
            DeadLetterHeaders.ORIGINAL_TOPIC,
            DeadLetterHeaders.ORIGINAL_PARTITION,
            DeadLetterHeaders.ORIGINAL_OFFSET,
            DeadLetterHeaders.ERROR_MESSAGE,
            DeadLetterHeaders.CONSUMER_GROUP,
            DeadLetterHeaders.ERROR_CLASS,
            DeadLetterHeaders.ATTEMPTS,
            DeadLetterHeaders.FAILED_AT);

    /** Ours says 1. One that the message came with may be as long as its sender liked. */
    private static final long SHORT = 64;

    private static final int MOST_NAMED = 1_024;

    /** For the header that names them. */
    private static final int RESERVE = 1_200;

    private FittingHeaders() {}

    /**
     * With headers of so many bytes at most, if it has enough that can be left out.
     *
     * @param message with headers that can be written
     * @param limit how many bytes they may have on the wire
     */
    public static Message of(Message message, long limit) {
        try {
            return fitting(message, limit);
        } catch (IOException | RuntimeException e) {
            // Whoever measures it next says so.
            return message;
        }
    }

    private static Message fitting(Message message, long limit) throws IOException {
        Set<String> dropped = new LinkedHashSet<>();
        Message now = message;
        long excess = EncodedHeaders.size(now) - limit;
        while (excess > 0 && drop(message, dropped, excess + RESERVE)) {
            now = without(message, dropped);
            excess = EncodedHeaders.size(now) - limit;
        }
        return excess > 0 && now.key() != null ? withoutKey(message, dropped) : now;
    }

    /** The last that can be left out: a key that fills a frame by itself. */
    private static Message withoutKey(Message message, Set<String> dropped) {
        dropped.add(LibraryHeaders.KEY);
        return without(message, dropped).toBuilder().key(null).build();
    }

    /** Whether there was something left to drop. */
    private static boolean drop(Message message, Set<String> dropped, long bytes) throws IOException {
        Map<String, Long> sizes = candidates(message, dropped);
        long left = bytes;
        while (left > 0 && !sizes.isEmpty()) {
            Map.Entry<String, Long> entry = Collections.max(sizes.entrySet(), Map.Entry.comparingByValue());
            String largest = entry.getKey();
            left -= entry.getValue();
            sizes.remove(largest);
            dropped.add(largest);
        }
        return left < bytes;
    }

    private static Map<String, Long> candidates(Message message, Set<String> dropped) throws IOException {
        Map<String, Long> sizes = new LinkedHashMap<>(EncodedHeaders.sizes(message));
        Set<String> names = new LinkedHashSet<>();
        message.headers().forEach((name, value) -> names.add(name));
        sizes.keySet().retainAll(names);
        sizes.keySet().removeAll(KEPT);
        if (sizes.getOrDefault(DeadLetterHeaders.POINTER, 0L) <= SHORT) {
            sizes.remove(DeadLetterHeaders.POINTER);
        }
        sizes.keySet().removeAll(dropped);
        return sizes;
    }

    private static Message without(Message message, Set<String> dropped) {
        Headers.Builder headers = Headers.builder();
        WritableHeaders.copy(message.headers(), headers, name -> !dropped.contains(name) && !name.equals(DROPPED));
        headers.add(DROPPED, named(dropped));
        return message.toBuilder().headers(headers.build()).build();
    }

    private static String named(Set<String> dropped) {
        StringBuilder text = new StringBuilder();
        int left = dropped.size();
        for (String name : dropped) {
            int bytes = (text + ", " + name).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MOST_NAMED) {
                return text + " and " + left + " more";
            }
            text.append(text.length() == 0 ? "" : ", ").append(name);
            left--;
        }
        return text.toString();
    }
}
