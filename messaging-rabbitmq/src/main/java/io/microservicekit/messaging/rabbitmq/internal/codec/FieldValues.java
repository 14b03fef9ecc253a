package io.microservicekit.messaging.rabbitmq.internal.codec;

import com.rabbitmq.client.LongString;
import com.rabbitmq.client.impl.LongStringHelper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** AMQP field values as plain Java ones and the other way round. */
@SuppressWarnings("JavaUtilDate") // the driver's type of times
final class FieldValues {
    private FieldValues() {}

    /** The bytes of a text or of bytes, null for anything else. */
    static byte @Nullable [] bytes(@Nullable Object field) {
        if (field instanceof LongString text) {
            return text.getBytes();
        }
        if (field instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        return field instanceof byte[] bytes ? bytes : null;
    }

    /** A field without the driver's types, in an order that does not depend on hashes. */
    static @Nullable Object plain(@Nullable Object field) {
        if (field instanceof LongString text) {
            byte[] bytes = text.getBytes();
            return isText(bytes) ? new String(bytes, StandardCharsets.UTF_8) : bytes;
        }
        if (field instanceof Date date) {
            return Instant.ofEpochMilli(date.getTime());
        }
        if (field instanceof List<?> list) {
            List<@Nullable Object> plain = new ArrayList<>();
            list.forEach(element -> plain.add(plain(element)));
            return Collections.unmodifiableList(plain);
        }
        if (field instanceof Map<?, ?> table) {
            Map<String, @Nullable Object> plain = new TreeMap<>();
            table.forEach((name, value) -> plain.put(String.valueOf(name), plain(value)));
            return Collections.unmodifiableMap(plain);
        }
        return field;
    }

    /** A header's value as a field: bytes that are text as text, since that is what other clients expect. */
    static @Nullable Object field(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return isText(bytes) ? LongStringHelper.asLongString(bytes) : bytes;
        }
        if (value instanceof Instant time) {
            return Date.from(time);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> fields = new ArrayList<>();
            list.forEach(element -> fields.add(field(element)));
            return fields;
        }
        if (value instanceof Map<?, ?> table) {
            Map<String, @Nullable Object> fields = new TreeMap<>();
            table.forEach((name, element) -> fields.put(String.valueOf(name), field(element)));
            return fields;
        }
        return value;
    }

    /** Whether there are more tables and lists inside each other. */
    static boolean isDeeperThan(int levels, @Nullable Object value) {
        if (value instanceof Object[] array) {
            return isDeeperThan(levels, Arrays.asList(array));
        }
        if (value instanceof Map<?, ?> table) {
            return isDeeperThan(levels, new ArrayList<>(table.values()));
        }
        return value instanceof List<?> list
                && (levels == 0 || list.stream().anyMatch(element -> isDeeperThan(levels - 1, element)));
    }

    static boolean isText(byte[] bytes) {
        if (isAscii(bytes)) {
            return true;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }
}
