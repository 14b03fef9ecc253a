package io.microservicekit.messaging.it.accounting;

import java.util.Objects;

/**
 * One partition of one topic.
 *
 * @param topic the topic
 * @param partition its partition, 0 or more
 */
public record TopicPartition(String topic, int partition) {
    public TopicPartition {
        Objects.requireNonNull(topic, "topic");
    }

    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
