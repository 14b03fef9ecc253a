package io.microservicekit.messaging.api.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a message: ordered, bytes first, several values per name. Immutable; names are case-sensitive.
 *
 * <p>Values are arrays that are not copied: whoever hands one in must not change it afterwards, and whoever reads one must not write to it. A
 * value may be null where the broker has null header values (Kafka); that is not the same as an absent header, see {@link #contains(String)}.
 *
 * <p>Where the broker's headers have types (AMQP: numbers, tables, lists, times, truth values), a received value of another type than text or bytes is
 * there as canonical text, and {@link #raw(String)} has it as it came; sent on to such a broker it has its type again.
 */
public final class Headers {
    private static final Headers EMPTY = new Headers(new String[0], new byte[0][], null);

    private final String[] names;
    private final byte[] @Nullable [] values;
    /** Null when no value has a type of its own. */
    private final @Nullable Object @Nullable [] raws;

    private Headers(String[] names, byte[] @Nullable [] values, @Nullable Object @Nullable [] raws) {
        this.names = names;
        this.values = values;
        this.raws = raws;
    }

    /**
     * No headers.
     *
     * @return the one empty instance
     */
    public static Headers empty() {
        return EMPTY;
    }

    /**
     * A builder without headers.
     *
     * @return a new builder, not thread-safe
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A builder that starts with these headers.
     *
     * @return a new builder, not thread-safe
     */
    public Builder toBuilder() {
        return new Builder().addAll(this);
    }

    /**
     * The number of headers, counting each value of a name.
     *
     * @return 0 or more
     */
    public int size() {
        return names.length;
    }

    /**
     * Whether there is a header of this name, with or without a value.
     *
     * @param name the name
     * @return true when at least one is there
     */
    public boolean contains(String name) {
        return lastIndexOf(name) >= 0;
    }

    /**
     * The last value of a name.
     *
     * @param name the name
     * @return the value itself, not a copy; null when the header is absent or its value is null
     */
    public byte @Nullable [] bytes(String name) {
        int index = lastIndexOf(name);
        return index < 0 ? null : values[index];
    }

    /**
     * The last value of a name, read as UTF-8.
     *
     * @param name the name
     * @return the text; null when the header is absent or its value is null
     * @throws InvalidMessageException MALFORMED_HEADER when the value is not valid UTF-8; use {@link #bytes(String)} for it
     */
    public @Nullable String text(String name) {
        byte[] value = bytes(name);
        return value == null ? null : decode(name, value);
    }

    /**
     * All values of a name, in order.
     *
     * @param name the name
     * @return the values themselves, not copies; values that are null are left out; empty when the header is absent
     */
    public List<byte[]> all(String name) {
        Objects.requireNonNull(name, "name");
        List<byte[]> found = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            byte[] value = values[i];
            if (value != null && names[i].equals(name)) {
                found.add(value);
            }
        }
        return found;
    }

    /**
     * The last value of a name as the broker's headers have it, when that is neither text nor bytes.
     *
     * @param name the name
     * @return a {@code Number}, a {@code Boolean}, an {@code Instant}, a list or a map of such, of texts and of nulls, not to be changed; null when the
     *     header is absent, and for text and bytes, which {@link #bytes(String)} has
     */
    public @Nullable Object raw(String name) {
        int index = lastIndexOf(name);
        return index < 0 ? null : raw(index);
    }

    private @Nullable Object raw(int index) {
        return raws == null ? null : raws[index];
    }

    /**
     * Calls {@code action} with each name and value, in order, on the calling thread.
     *
     * @param action takes the name and the value itself (not a copy), which may be null
     */
    public void forEach(BiConsumer<String, byte @Nullable []> action) {
        Objects.requireNonNull(action, "action");
        for (int i = 0; i < names.length; i++) {
            action.accept(names[i], values[i]);
        }
    }

    /**
     * Calls {@code action} with each name and value, in order, on the calling thread: with the raw value where there is one, else with the bytes.
     *
     * @param action takes the name and the value itself (not a copy), which may be null; see {@link #raw(String)}
     */
    public void forEachRaw(BiConsumer<String, @Nullable Object> action) {
        Objects.requireNonNull(action, "action");
        for (int i = 0; i < names.length; i++) {
            Object raw = raw(i);
            action.accept(names[i], raw == null ? values[i] : raw);
        }
    }

    /**
     * How many bytes they carry.
     *
     * @return the length of all names as UTF-8 and of all values, in bytes
     */
    public long sizeBytes() {
        long bytes = 0;
        for (int i = 0; i < names.length; i++) {
            byte[] value = values[i];
            bytes += utf8Length(names[i]) + (value == null ? 0L : value.length);
        }
        return bytes;
    }

    /** Without encoding. Half of a surrogate pair cannot be in a name. */
    private static int utf8Length(String text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return bytes;
    }

    private int lastIndexOf(String name) {
        Objects.requireNonNull(name, "name");
        for (int i = names.length - 1; i >= 0; i--) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static String decode(String name, byte[] value) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidMessageException(
                    ErrorCode.MALFORMED_HEADER,
                    "Reading header '" + name + "' as text failed: its " + value.length
                            + " bytes are not UTF-8. Read it with bytes(name).",
                    e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Headers that
                && Arrays.equals(names, that.names)
                && Arrays.deepEquals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(names) + Arrays.deepHashCode(values);
    }

    /** The names only: values may be confidential. */
    @Override
    public String toString() {
        return Arrays.toString(names);
    }

    /** Collects headers in order. Not thread-safe; can be used again after {@link #build()}. */
    public static final class Builder {
        private final List<String> names = new ArrayList<>();
        private final List<byte @Nullable []> values = new ArrayList<>();
        private final List<@Nullable Object> raws = new ArrayList<>();
        private boolean typed;

        private Builder() {}

        /**
         * Appends a header; earlier ones of the same name stay.
         *
         * @param name the name, not null
         * @param value the value, not copied; null for a header without a value
         * @return this builder
         * @throws InvalidMessageException MALFORMED_HEADER when the name has half of a surrogate pair: no broker could write it, and some write
         *     a record that nobody can read
         */
        public Builder add(String name, byte @Nullable [] value) {
            return append(checked(Objects.requireNonNull(name, "name")), value, null);
        }

        /**
         * Appends a header whose value has a type of its own, as an adapter reads it.
         *
         * @param name the name, not null
         * @param value its canonical text as UTF-8, not copied
         * @param raw the value, see {@link Headers#raw(String)}; must not change afterwards
         * @return this builder
         * @throws InvalidMessageException MALFORMED_HEADER when the name has half of a surrogate pair
         */
        public Builder addTyped(String name, byte[] value, Object raw) {
            return append(
                    checked(Objects.requireNonNull(name, "name")),
                    Objects.requireNonNull(value, "value"),
                    Objects.requireNonNull(raw, "raw"));
        }

        /**
         * Appends all headers of others, in their order, with the types that they have; earlier ones of the same names stay.
         *
         * @param headers the others, not null; their values are not copied
         * @return this builder
         */
        public Builder addAll(Headers headers) {
            Objects.requireNonNull(headers, "headers");
            for (int i = 0; i < headers.names.length; i++) {
                append(headers.names[i], headers.values[i], headers.raw(i));
            }
            return this;
        }

        private Builder append(String name, byte @Nullable [] value, @Nullable Object raw) {
            names.add(name);
            values.add(value);
            raws.add(raw);
            typed |= raw != null;
            return this;
        }

        /**
         * Appends a header with a text as UTF-8; earlier ones of the same name stay.
         *
         * @param name the name, not null
         * @param value the text, not null
         * @return this builder
         */
        public Builder add(String name, String value) {
            return add(name, Objects.requireNonNull(value, "value").getBytes(StandardCharsets.UTF_8));
        }

        /**
         * Replaces all headers of a name by one, at the end.
         *
         * @param name the name, not null
         * @param value the value, not copied; null for a header without a value
         * @return this builder
         */
        public Builder set(String name, byte @Nullable [] value) {
            return remove(name).add(name, value);
        }

        /**
         * Replaces all headers of a name by one with a text as UTF-8, at the end.
         *
         * @param name the name, not null
         * @param value the text, not null
         * @return this builder
         */
        public Builder set(String name, String value) {
            return set(name, Objects.requireNonNull(value, "value").getBytes(StandardCharsets.UTF_8));
        }

        /**
         * Removes all headers of a name.
         *
         * @param name the name, not null
         * @return this builder
         */
        public Builder remove(String name) {
            Objects.requireNonNull(name, "name");
            for (int i = names.size() - 1; i >= 0; i--) {
                if (names.get(i).equals(name)) {
                    names.remove(i);
                    values.remove(i);
                    raws.remove(i);
                }
            }
            return this;
        }

        private static String checked(String name) {
            for (int i = 0; i < name.length(); i++) {
                if (Character.isSurrogate(name.charAt(i)) && !isPair(name, i)) {
                    throw new InvalidMessageException(
                            ErrorCode.MALFORMED_HEADER,
                            "Adding a header failed: its name of " + name.length()
                                    + " characters has half of a surrogate pair at index " + i + " and is no text.");
                }
            }
            return name;
        }

        private static boolean isPair(String name, int at) {
            int high = Character.isHighSurrogate(name.charAt(at)) ? at : at - 1;
            return high >= 0
                    && high + 1 < name.length()
                    && Character.isSurrogatePair(name.charAt(high), name.charAt(high + 1));
        }

        /**
         * The headers collected so far.
         *
         * @return immutable headers
         */
        public Headers build() {
            if (names.isEmpty()) {
                return EMPTY;
            }
            return new Headers(
                    names.toArray(new String[0]), values.toArray(new byte[0][]), typed ? raws.toArray() : null);
        }
    }
}
