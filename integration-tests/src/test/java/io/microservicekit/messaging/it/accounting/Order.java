package io.microservicekit.messaging.it.accounting;

import org.jspecify.annotations.Nullable;

/** The order that a run promises. A message that was sent again is not judged: its sender changed the order. */
public enum Order {
    /** None. */
    NONE,
    /** Messages of one topic, producer and key, by seq. */
    KEY,
    /** Acknowledged messages of one partition, by offset; messages without a position are not judged. */
    PARTITION;

    /**
     * A line in which messages keep order.
     *
     * @param topic the topic
     * @param name the line inside the topic
     */
    record Lane(String topic, String name) {}

    @Nullable Lane lane(MessageFacts message) {
        if (message.intents() > 1 || message.unknowns() > 0) {
            return null;
        }
        MessageId id = message.id();
        Position position = message.position();
        return switch (this) {
            case NONE -> null;
            case KEY -> new Lane(id.topic(), id.producer() + "|" + id.key());
            case PARTITION -> position == null ? null : new Lane(id.topic(), "" + position.partition());
        };
    }

    long rank(MessageFacts message) {
        Position position = message.position();
        return this == PARTITION && position != null
                ? position.offset()
                : message.id().seq();
    }
}
