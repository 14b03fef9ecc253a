package io.microservicekit.messaging.testkit.internal.memory;

import java.util.Comparator;

/** A partition of a topic, ordered by name and number so that iteration over a tree of them is deterministic. */
record TopicPartition(String topic, int partition) implements Comparable<TopicPartition> {
    private static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    @Override
    public int compareTo(TopicPartition other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
