package io.microservicekit.messaging.rabbitmq.internal.codec;

import com.rabbitmq.client.impl.ValueWriter;
import io.microservicekit.messaging.api.message.Message;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How many bytes the headers of a message have on the wire, found by encoding them. */
public final class EncodedHeaders {
    private static final String LONGEST_MARK = Long.MIN_VALUE + "" + Long.MIN_VALUE;

    /** The driver reads no more tables and lists inside each other, and gives up the connection instead. */
    private static final int MAX_LEVELS = 32;

    private EncodedHeaders() {}

    /**
     * With those that the library adds.
     *
     * @throws IOException when the driver cannot encode them, or could not read them again
     * @throws RuntimeException when the driver cannot encode them
     */
    public static long size(Message message) throws IOException {
        Map<String, @Nullable Object> table = table(message);
        for (Map.Entry<String, @Nullable Object> header : table.entrySet()) {
            checkLevels(header.getKey(), header.getValue());
        }
        DataOutputStream counted = new DataOutputStream(OutputStream.nullOutputStream());
        ValueWriter writer = new ValueWriter(counted);
        writer.writeTable(table);
        writer.flush();
        return counted.size();
    }

    /** The names of the headers that the driver cannot encode, or could not read again. */
    static Set<String> unwritable(Message message) {
        Set<String> names = new TreeSet<>();
        table(message).forEach((name, value) -> {
            if (!isWritable(name, value)) {
                names.add(name);
            }
        });
        return names;
    }

    /** How many bytes each has that is written as a header, its place in the list of names included. */
    static Map<String, Long> sizes(Message message) throws IOException {
        Map<String, Long> sizes = new LinkedHashMap<>();
        Map<String, @Nullable Object> table = table(message);
        boolean named = table.containsKey(LibraryHeaders.NAMES);
        for (Map.Entry<String, @Nullable Object> header : table.entrySet()) {
            DataOutputStream counted = new DataOutputStream(OutputStream.nullOutputStream());
            ValueWriter writer = new ValueWriter(counted);
            writer.writeShortstr(header.getKey());
            writer.writeFieldValue(header.getValue());
            if (named) {
                writer.writeFieldValue(header.getKey());
            }
            writer.flush();
            sizes.put(header.getKey(), (long) counted.size());
        }
        return sizes;
    }

    private static Map<String, @Nullable Object> table(Message message) {
        return AmqpMessages.write(message, true, LONGEST_MARK, 0).getHeaders();
    }

    private static boolean isWritable(String name, @Nullable Object value) {
        try {
            checkLevels(name, value);
            new ValueWriter(new DataOutputStream(OutputStream.nullOutputStream())).writeFieldValue(value);
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private static void checkLevels(String name, @Nullable Object value) throws IOException {
        if (FieldValues.isDeeperThan(MAX_LEVELS, value)) {
            throw new IOException("header '" + name + "' has more than " + MAX_LEVELS
                    + " tables and lists inside each other, which no Java client could read");
        }
    }

    /** Whether a header is of no other kind than text and bytes, of which the size is known without encoding. */
    public static boolean isPlain(Message message) {
        boolean[] plain = {true};
        message.headers().forEachRaw((name, value) -> plain[0] &= value == null || value instanceof byte[]);
        return plain[0];
    }
}
