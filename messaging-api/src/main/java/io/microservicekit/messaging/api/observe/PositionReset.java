package io.microservicekit.messaging.api.observe;

import java.util.Objects;

/**
 * The position of a group was out of the range the broker still has.
 *
 * @param topic the topic
 * @param partition the partition, from 0
 * @param from the offset that was wanted
 * @param to the offset where reading goes on; what lies between was deleted at the broker before it was handled
 */
public record PositionReset(String topic, int partition, long from, long to) {
    /**
     * Checks that nothing is null.
     *
     * @param topic see the component
     * @param partition see the component
     * @param from see the component
     * @param to see the component
     */
    public PositionReset {
        Objects.requireNonNull(topic, "topic");
    }
}
