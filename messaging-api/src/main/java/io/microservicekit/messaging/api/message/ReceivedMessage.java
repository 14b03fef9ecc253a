package io.microservicekit.messaging.api.message;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message as a handler gets it: its content, where it stands, and how often it was tried. Immutable and thread-safe.
 *
 * <p>Key, value and header arrays belong to the message: a handler must not write to them.
 */
public final class ReceivedMessage {
    private final Message message;
    private final MessagePosition position;
    private final String group;
    private final int attempt;

    private ReceivedMessage(Message message, MessagePosition position, String group, int attempt) {
        this.message = Objects.requireNonNull(message, "message");
        this.position = Objects.requireNonNull(position, "position");
        this.group = Objects.requireNonNull(group, "group");
        this.attempt = attempt;
    }

    /**
     * A message on its first attempt, as an adapter hands it to the engine and as a handler's unit test needs it.
     *
     * @param message the content
     * @param position where it stands; {@link MessagePosition#of} for tests
     * @param group the consumer group
     * @return the message with {@link #attempt()} 1
     */
    public static ReceivedMessage of(Message message, MessagePosition position, String group) {
        return new ReceivedMessage(message, position, group, 1);
    }

    /**
     * The same message on another attempt.
     *
     * @param attempt the attempt, from 1
     * @return this message when the attempt is the same, else a copy
     * @throws IllegalArgumentException when {@code attempt} is lower than 1
     */
    public ReceivedMessage withAttempt(int attempt) {
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt is " + attempt + ", must be at least 1");
        }
        return attempt == this.attempt ? this : new ReceivedMessage(message, position, group, attempt);
    }

    /**
     * The content.
     *
     * @return the message, never null
     */
    public Message message() {
        return message;
    }

    /**
     * Where it stands at the broker.
     *
     * @return the position, never null
     */
    public MessagePosition position() {
        return position;
    }

    /**
     * The consumer group it was received in.
     *
     * @return the group, never null
     */
    public String group() {
        return group;
    }

    /**
     * How often the handler has been called with it in this session, this call included.
     *
     * @return 1 on the first attempt; at least this many after a crash, since earlier sessions are not counted
     */
    public int attempt() {
        return attempt;
    }

    /**
     * The topic it was read from.
     *
     * @return the topic, never null
     */
    public String topic() {
        return message.topic();
    }

    /**
     * The key.
     *
     * @return the array itself, not a copy, or null
     * @see Message#key()
     */
    public byte @Nullable [] key() {
        return message.key();
    }

    /**
     * The key read as UTF-8.
     *
     * @return the text, or null
     * @see Message#keyText()
     */
    public @Nullable String keyText() {
        return message.keyText();
    }

    /**
     * The value.
     *
     * @return the array itself, not a copy, or null
     * @see Message#value()
     */
    public byte @Nullable [] value() {
        return message.value();
    }

    /**
     * The value read as UTF-8.
     *
     * @return the text, or null
     * @see Message#valueText()
     */
    public @Nullable String valueText() {
        return message.valueText();
    }

    /**
     * The headers.
     *
     * @return the headers, never null
     */
    public Headers headers() {
        return message.headers();
    }

    /** Position, group and attempt; never key, value or header values. */
    @Override
    public String toString() {
        return "ReceivedMessage[" + position + ", group=" + group + ", attempt=" + attempt + "]";
    }
}
