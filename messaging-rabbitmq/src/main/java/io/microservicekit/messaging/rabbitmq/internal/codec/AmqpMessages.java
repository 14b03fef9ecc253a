package io.microservicekit.messaging.rabbitmq.internal.codec;

import com.rabbitmq.client.AMQP;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import java.util.Date;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A message as AMQP properties and body, and the other way round. */
@SuppressWarnings("JavaUtilDate") // the driver's type of times
public final class AmqpMessages {
    private static final byte[] EMPTY = new byte[0];

    private AmqpMessages() {}

    /** The body; the array itself. */
    public static byte[] body(Message message) {
        byte[] value = message.value();
        return value == null ? EMPTY : value;
    }

    /**
     * The properties of a message.
     *
     * @param durable whether it shall survive a restart of the broker
     * @param publishMark by which a return is recognised, null for none
     * @param timestampMillis when it is sent, unless it says so itself
     */
    public static AMQP.BasicProperties write(
            Message message, boolean durable, @Nullable String publishMark, long timestampMillis) {
        long timestamp = message.timestampMillis(timestampMillis);
        Map<String, Object> table = new TreeMap<>();
        AMQP.BasicProperties.Builder properties = new AMQP.BasicProperties.Builder();
        new HeaderWriting(table, properties).write(message.headers());
        table.put(LibraryHeaders.MARKER, "1");
        table.put(LibraryHeaders.TIMESTAMP, timestamp);
        put(table, LibraryHeaders.KEY, FieldValues.field(message.key()));
        put(table, LibraryHeaders.PUBLISH_MARK, publishMark);
        put(table, LibraryHeaders.NULL_VALUE, message.value() == null ? "1" : null);
        return properties
                .headers(table)
                .deliveryMode(durable ? 2 : 1)
                .timestamp(new Date(timestamp))
                .build();
    }

    private static void put(Map<String, Object> table, String name, @Nullable Object value) {
        if (value != null) {
            table.put(name, value);
        }
    }

    /**
     * A message as it came, from whatever client.
     *
     * @param topic what to call its topic
     * @param properties its properties; may hold anything
     * @param body the body; the message keeps the array
     */
    public static Message read(String topic, AMQP.BasicProperties properties, byte[] body) {
        Map<String, Object> table = new TreeMap<>();
        if (properties.getHeaders() != null) {
            table.putAll(properties.getHeaders());
        }
        boolean ours = table.containsKey(LibraryHeaders.MARKER);
        boolean withoutValue = ours && body.length == 0 && table.containsKey(LibraryHeaders.NULL_VALUE);
        byte[] key = key(table, ours, properties.getMessageId());
        long timestamp = timestamp(ours ? table.get(LibraryHeaders.TIMESTAMP) : null, properties);
        Headers headers = new HeaderReading(properties, ours).read(table);
        return Message.received(topic, key, withoutValue ? null : body, headers, timestamp);
    }

    /** The Go library writes the key as the id of the message; an id of somebody else is no worse a key than none. */
    private static byte @Nullable [] key(Map<String, Object> table, boolean ours, @Nullable String messageId) {
        Object key = table.get(LibraryHeaders.KEY);
        if (key != null) {
            byte[] bytes = FieldValues.bytes(key);
            return bytes != null ? bytes : CanonicalText.of(Objects.requireNonNull(FieldValues.plain(key)));
        }
        return ours ? null : FieldValues.bytes(messageId);
    }

    /** Negative for none. */
    private static long timestamp(@Nullable Object ours, AMQP.BasicProperties properties) {
        if (ours instanceof Long millis) {
            return millis;
        }
        return properties.getTimestamp() == null
                ? -1
                : properties.getTimestamp().getTime();
    }
}
