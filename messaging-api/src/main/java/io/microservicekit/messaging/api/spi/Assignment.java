package io.microservicekit.messaging.api.spi;

import java.util.Objects;

/**
 * A share of a topic or queue that this consumer holds for a while. Immutable.
 *
 * @param topic the topic, or the queue of the group
 * @param partition the partition, from 0; −1 on a queue
 * @param epoch tells this holding from earlier ones of the same partition (each assignment) or queue (each channel); rises within a consumer.
 *     What belongs to an old epoch is dropped: a duplicate beats a loss
 */
public record Assignment(String topic, int partition, long epoch) {
    /**
     * Checks that there is a topic.
     *
     * @param topic see the component
     * @param partition see the component
     * @param epoch see the component
     */
    public Assignment {
        Objects.requireNonNull(topic, "topic");
    }

    @Override
    public String toString() {
        return (partition < 0 ? topic : topic + "-" + partition) + "#" + epoch;
    }
}
