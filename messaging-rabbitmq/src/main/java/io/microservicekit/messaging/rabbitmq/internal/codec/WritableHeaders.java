package io.microservicekit.messaging.rabbitmq.internal.codec;

import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Headers of a dead letter as they can be written. They are what somebody else has sent, and a dead letter that is refused blocks its queue for ever: so
 * what a send refuses is written in another form instead.
 */
public final class WritableHeaders {
    /** Stands before a name that would send the dead letter to further queues. */
    private static final String RENAMED = "x-original-";

    private static final int SHORT_STRING = 255;

    private WritableHeaders() {}

    /** Whether it is a name, in whatever case, under which RabbitMQ looks for further queues to send a message to. */
    public static boolean isRouting(String name) {
        return name.equalsIgnoreCase("CC") || name.equalsIgnoreCase("BCC");
    }

    /** With the same headers in the same order; the message itself when all of them can be written. */
    public static Message of(Message message) {
        Message named = hasWritableNames(message) ? message : rewritten(message, Collections.emptySet());
        if (EncodedHeaders.isPlain(named)) {
            return named;
        }
        Set<String> asText = EncodedHeaders.unwritable(named);
        return asText.isEmpty() ? named : rewritten(named, asText);
    }

    private static boolean hasWritableNames(Message message) {
        boolean[] writable = {true};
        message.headers().forEach((name, value) -> writable[0] &= writable(name).equals(name));
        return writable[0];
    }

    private static Message rewritten(Message message, Set<String> asText) {
        Headers.Builder headers = Headers.builder();
        forEach(
                message.headers(),
                (name, text, value) -> add(headers, writable(name), text, asText.contains(name) ? null : value));
        return message.toBuilder().headers(headers.build()).build();
    }

    /** Adds those with such names, as they are. */
    static void copy(Headers from, Headers.Builder to, Predicate<String> names) {
        forEach(from, (name, text, value) -> {
            if (names.test(name)) {
                add(to, name, text, value);
            }
        });
    }

    /** A header with its value as text and as it was. */
    private interface Header {
        void accept(String name, byte @Nullable [] text, @Nullable Object value);
    }

    private static void forEach(Headers headers, Header header) {
        List<byte @Nullable []> texts = new ArrayList<>(headers.size());
        headers.forEach((name, text) -> texts.add(text));
        Iterator<byte @Nullable []> text = texts.iterator();
        headers.forEachRaw((name, value) -> header.accept(name, text.next(), value));
    }

    private static void add(Headers.Builder headers, String name, byte @Nullable [] text, @Nullable Object value) {
        if (text == null || value == null || value instanceof byte[]) {
            headers.add(name, text);
        } else {
            headers.addTyped(name, text, value);
        }
    }

    private static String writable(String name) {
        return isRouting(name) || LibraryHeaders.isOurs(name) ? RENAMED + name : cut(name);
    }

    /** Between two characters. */
    private static String cut(String name) {
        int end = name.length();
        while (name.substring(0, end).getBytes(StandardCharsets.UTF_8).length > SHORT_STRING) {
            end = name.offsetByCodePoints(end, -1);
        }
        return name.substring(0, end);
    }
}
