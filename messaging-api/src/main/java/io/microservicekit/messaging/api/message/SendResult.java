package io.microservicekit.messaging.api.message;

import java.util.Objects;

/**
 * Where a confirmed message went. Immutable.
 *
 * @param topic the topic it was sent to
 * @param partition its partition, from 0; −1 where the broker has no partitions
 * @param offset its offset in the partition, from 0; −1 where the broker has none
 * @param timestampMillis the message's timestamp as sent, in milliseconds since 1970-01-01T00:00Z
 * @param confirmed whether the broker confirmed it; false only when confirms were switched off in the backend's options
 * @param routed whether it reached at least one queue or log; false only when unroutable messages are allowed by option
 */
public record SendResult(
        String topic, int partition, long offset, long timestampMillis, boolean confirmed, boolean routed) {
    /**
     * Checks that there is a topic.
     *
     * @param topic see the component
     * @param partition see the component
     * @param offset see the component
     * @param timestampMillis see the component
     * @param confirmed see the component
     * @param routed see the component
     */
    public SendResult {
        Objects.requireNonNull(topic, "topic");
    }
}
