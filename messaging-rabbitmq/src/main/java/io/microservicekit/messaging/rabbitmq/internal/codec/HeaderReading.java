package io.microservicekit.messaging.rabbitmq.internal.codec;

import com.rabbitmq.client.AMQP;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.ProducerHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Headers of a message from an AMQP table and the properties beside it; drops nothing, whoever wrote it. */
final class HeaderReading {
    /** A queue holds no null. */
    private static final Object ABSENT = new Object();

    private final AMQP.BasicProperties properties;
    private final boolean ours;

    HeaderReading(AMQP.BasicProperties properties, boolean ours) {
        this.properties = properties;
        this.ours = ours;
    }

    Headers read(Map<String, Object> table) {
        Map<String, @Nullable Object> fields = new TreeMap<>(table);
        boolean idIsKey = !ours && fields.get(LibraryHeaders.KEY) == null;
        // Whoever else uses such a name means something of their own; only the key is read from everybody.
        fields.keySet().removeIf(name -> ours ? LibraryHeaders.isOurs(name) : name.equals(LibraryHeaders.KEY));
        if (!idIsKey) {
            put(fields, ProducerHeaders.MESSAGE_ID, properties.getMessageId());
        }
        addProperties(fields);
        if (fields.isEmpty()) {
            return Headers.empty();
        }
        Headers.Builder headers = Headers.builder();
        List<String> names = ours ? names(table.get(LibraryHeaders.NAMES)) : new ArrayList<>();
        if (names.isEmpty()) {
            fields.forEach((name, field) -> add(headers, name, field));
        } else {
            inOrder(headers, names, fields);
        }
        return headers.build();
    }

    /** As they were written; what somebody put in or took out on the way is at the end, or missing. */
    private static void inOrder(Headers.Builder headers, List<String> names, Map<String, @Nullable Object> fields) {
        Map<String, Integer> counts = new TreeMap<>();
        names.forEach(name -> counts.merge(name, 1, Integer::sum));
        Map<String, Deque<Object>> repeated = new TreeMap<>();
        for (String name : names) {
            Object field = fields.get(name);
            if (counts.getOrDefault(name, 0) > 1 && field instanceof List<?> list) {
                Deque<Object> left = repeated.computeIfAbsent(name, unused -> values(list));
                if (!left.isEmpty()) {
                    Object value = left.remove();
                    add(headers, name, value == ABSENT ? null : value);
                }
            } else if (fields.containsKey(name)) {
                add(headers, name, fields.remove(name));
            }
        }
        fields.keySet().removeAll(repeated.keySet());
        fields.forEach((name, field) -> add(headers, name, field));
    }

    private static Deque<Object> values(List<?> list) {
        Deque<Object> values = new ArrayDeque<>();
        list.forEach(value -> values.add(value == null ? ABSENT : value));
        return values;
    }

    private static List<String> names(@Nullable Object field) {
        List<String> names = new ArrayList<>();
        if (field instanceof List<?> list) {
            list.forEach(name -> names.add(String.valueOf(name)));
        }
        return names;
    }

    private static void add(Headers.Builder headers, String name, @Nullable Object field) {
        byte[] bytes = FieldValues.bytes(field);
        Object plain = bytes == null ? FieldValues.plain(field) : null;
        if (plain == null) {
            headers.add(name, bytes);
        } else {
            headers.addTyped(name, CanonicalText.of(plain), plain);
        }
    }

    private void addProperties(Map<String, @Nullable Object> fields) {
        put(fields, AmqpProperties.CONTENT_TYPE, properties.getContentType());
        put(fields, AmqpProperties.CONTENT_ENCODING, properties.getContentEncoding());
        put(fields, AmqpProperties.CORRELATION_ID, properties.getCorrelationId());
        put(fields, AmqpProperties.REPLY_TO, properties.getReplyTo());
        put(fields, AmqpProperties.TYPE, properties.getType());
        put(fields, AmqpProperties.APP_ID, properties.getAppId());
        put(fields, AmqpProperties.EXPIRATION, properties.getExpiration());
        put(fields, AmqpProperties.USER_ID, properties.getUserId());
        Integer priority = properties.getPriority();
        put(fields, AmqpProperties.PRIORITY, priority == null ? null : priority.toString());
    }

    private static void put(Map<String, @Nullable Object> fields, String name, @Nullable String text) {
        if (text != null) {
            fields.putIfAbsent(name, text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
