package io.microservicekit.messaging.api.message;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message to be sent, or the content of one that was received. Immutable and thread-safe; equal by content.
 *
 * <p>Key and value are arrays that are <em>not copied</em>: the caller hands them over and must not write to them afterwards, and a reader must
 * not write to them at all. Null and empty are different, for key and value, on each backend.
 *
 * <p>Serialization stays with the caller: the library never looks into a key or value, except that equal keys go the same way.
 */
public final class Message {
    private static final long NO_TIMESTAMP = Long.MIN_VALUE;

    private final String topic;
    private final byte @Nullable [] key;
    private final byte @Nullable [] value;
    private final Headers headers;
    private final long timestampMillis;

    private Message(Builder builder) {
        this.topic = builder.topic;
        this.key = builder.key;
        this.value = builder.value;
        this.headers = builder.headers.build();
        this.timestampMillis = builder.timestampMillis;
    }

    private Message(
            String topic, byte @Nullable [] key, byte @Nullable [] value, Headers headers, long timestampMillis) {
        this.topic = Objects.requireNonNull(topic, "topic");
        this.key = key;
        this.value = value;
        this.headers = Objects.requireNonNull(headers, "headers");
        this.timestampMillis = timestampMillis;
    }

    /**
     * A builder for a message to a topic.
     *
     * @param topic the topic, not null; whether it is a valid name is checked when the message is sent
     * @return a new builder, not thread-safe
     */
    public static Builder builder(String topic) {
        return new Builder(topic);
    }

    /**
     * A message as an adapter received it, without the detour over a builder.
     *
     * @param topic the topic
     * @param key the key, not copied, or null
     * @param value the value, not copied, or null
     * @param headers the headers
     * @param timestampMillis milliseconds since 1970-01-01T00:00Z; a negative number means that it has none
     * @return the message
     */
    public static Message received(
            String topic, byte @Nullable [] key, byte @Nullable [] value, Headers headers, long timestampMillis) {
        return new Message(topic, key, value, headers, timestampMillis < 0 ? NO_TIMESTAMP : timestampMillis);
    }

    /**
     * A builder that starts with this message.
     *
     * @return a new builder, not thread-safe
     */
    public Builder toBuilder() {
        Builder builder = new Builder(topic).key(key).value(value).headers(headers);
        builder.timestampMillis = timestampMillis;
        return builder;
    }

    /**
     * The topic it goes to or came from.
     *
     * @return the topic, never null
     */
    public String topic() {
        return topic;
    }

    /**
     * The key: messages with equal keys keep their order.
     *
     * @return the array itself, not a copy; null for no affinity
     */
    public byte @Nullable [] key() {
        return key;
    }

    /**
     * The key read as UTF-8; malformed input is replaced.
     *
     * @return the text, or null when there is no key
     */
    public @Nullable String keyText() {
        return key == null ? null : new String(key, StandardCharsets.UTF_8);
    }

    /**
     * The value.
     *
     * @return the array itself, not a copy; null is a value of its own (a tombstone on Kafka)
     */
    public byte @Nullable [] value() {
        return value;
    }

    /**
     * The value read as UTF-8; malformed input is replaced.
     *
     * @return the text, or null when the value is null
     */
    public @Nullable String valueText() {
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    /**
     * The headers.
     *
     * @return the headers, never null
     */
    public Headers headers() {
        return headers;
    }

    /**
     * The sender's time.
     *
     * @return the timestamp to the millisecond; null when none was set, then the client's clock at send is used
     */
    public @Nullable Instant timestamp() {
        return timestampMillis == NO_TIMESTAMP ? null : Instant.ofEpochMilli(timestampMillis);
    }

    /**
     * The sender's time, without allocating.
     *
     * @param defaultMillis what to return when no timestamp was set
     * @return milliseconds since 1970-01-01T00:00Z
     */
    public long timestampMillis(long defaultMillis) {
        return timestampMillis == NO_TIMESTAMP ? defaultMillis : timestampMillis;
    }

    /**
     * How many bytes it carries, as the bounds of producers count them.
     *
     * @return the length of key, value, and names and values of the headers, in bytes
     */
    public long sizeBytes() {
        return (key == null ? 0L : key.length) + (value == null ? 0L : value.length) + headers.sizeBytes();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Message that
                && topic.equals(that.topic)
                && timestampMillis == that.timestampMillis
                && Arrays.equals(key, that.key)
                && Arrays.equals(value, that.value)
                && headers.equals(that.headers);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * topic.hashCode() + Arrays.hashCode(key)) + Arrays.hashCode(value);
    }

    /** Topic and sizes; never key, value or header values, which may be confidential. */
    @Override
    public String toString() {
        return "Message[topic=" + topic + ", key=" + size(key) + ", value=" + size(value) + ", headers=" + headers
                + "]";
    }

    private static String size(byte @Nullable [] bytes) {
        return bytes == null ? "null" : bytes.length + " B";
    }

    /** Collects the parts of a message. Not thread-safe; can be used again after {@link #build()}. */
    public static final class Builder {
        private final String topic;
        private byte @Nullable [] key;
        private byte @Nullable [] value;
        private Headers.Builder headers = Headers.builder();
        private long timestampMillis = NO_TIMESTAMP;

        private Builder(String topic) {
            this.topic = Objects.requireNonNull(topic, "topic");
        }

        /**
         * Sets the key.
         *
         * @param key the key, not copied; null (the default) for no affinity
         * @return this builder
         */
        public Builder key(byte @Nullable [] key) {
            this.key = key;
            return this;
        }

        /**
         * Sets the key to a text as UTF-8.
         *
         * @param key the text, not null
         * @return this builder
         */
        public Builder keyText(String key) {
            return key(Objects.requireNonNull(key, "key").getBytes(StandardCharsets.UTF_8));
        }

        /**
         * Sets the value.
         *
         * @param value the value, not copied; null (the default) is a value of its own
         * @return this builder
         */
        public Builder value(byte @Nullable [] value) {
            this.value = value;
            return this;
        }

        /**
         * Sets the value to a text as UTF-8.
         *
         * @param value the text, not null
         * @return this builder
         */
        public Builder valueText(String value) {
            return value(Objects.requireNonNull(value, "value").getBytes(StandardCharsets.UTF_8));
        }

        /**
         * Appends a header with a text as UTF-8; earlier ones of the same name stay.
         *
         * @param name the name, not null
         * @param value the text, not null
         * @return this builder
         */
        public Builder header(String name, String value) {
            headers.add(name, value);
            return this;
        }

        /**
         * Replaces all headers collected so far.
         *
         * @param headers the headers, not null
         * @return this builder
         */
        public Builder headers(Headers headers) {
            this.headers = Objects.requireNonNull(headers, "headers").toBuilder();
            return this;
        }

        /**
         * Sets the sender's time; it is kept to the millisecond.
         *
         * @param timestamp the time, from 1970 on, not null; when never called the client's clock at send is used
         * @return this builder
         * @throws InvalidMessageException SEND_MESSAGE when it is before 1970 or does not fit into milliseconds
         */
        public Builder timestamp(Instant timestamp) {
            Objects.requireNonNull(timestamp, "timestamp");
            if (timestamp.isBefore(Instant.EPOCH) || timestamp.isAfter(Instant.ofEpochMilli(Long.MAX_VALUE))) {
                throw new InvalidMessageException(
                        ErrorCode.SEND_MESSAGE,
                        "Setting the timestamp of a message to '" + topic + "' failed: " + timestamp
                                + " is outside of what brokers keep, which is from 1970-01-01 on, in milliseconds.");
            }
            this.timestampMillis = timestamp.toEpochMilli();
            return this;
        }

        /**
         * The message.
         *
         * @return an immutable message
         */
        public Message build() {
            return new Message(this);
        }
    }
}
