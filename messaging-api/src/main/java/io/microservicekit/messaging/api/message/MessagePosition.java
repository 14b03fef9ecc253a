package io.microservicekit.messaging.api.message;

import java.util.Objects;

/**
 * Where a received message stands at the broker and in its session. Immutable; opaque but for topic, partition and offset.
 *
 * @param topic the topic it was read from
 * @param partition its partition, from 0; −1 where the broker has no partitions
 * @param offset its offset, from 0; −1 where the broker has none (a delivery tag is never shown as an offset)
 * @param epoch the assignment (or channel) it was delivered in; means nothing outside this client
 * @param tag the adapter's name for this delivery, rising within an epoch; means nothing outside this client
 */
public record MessagePosition(String topic, int partition, long offset, long epoch, long tag) {
    /**
     * Checks that there is a topic.
     *
     * @param topic see the component
     * @param partition see the component
     * @param offset see the component
     * @param epoch see the component
     * @param tag see the component
     */
    public MessagePosition {
        Objects.requireNonNull(topic, "topic");
    }

    /**
     * A position as handlers' unit tests need it: without a session.
     *
     * @param topic the topic
     * @param partition the partition, −1 for none
     * @param offset the offset, −1 for none
     * @return the position, in epoch 0
     */
    public static MessagePosition of(String topic, int partition, long offset) {
        return new MessagePosition(topic, partition, offset, 0, offset);
    }

    @Override
    public String toString() {
        if (partition < 0) {
            return topic;
        }
        return offset < 0 ? topic + "-" + partition : topic + "-" + partition + "@" + offset;
    }
}
