package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.StartPosition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** The offsets of the edges at which partitions are pinned. */
final class Edges {
    private final DriverCalls driver;
    private final long startMillis;

    Edges(DriverCalls driver, StartPosition start) {
        this.driver = driver;
        Instant time = start.time();
        this.startMillis = time == null ? 0 : time.toEpochMilli();
    }

    /** For each partition to be pinned; the ends were asked for before. */
    Map<TopicPartition, Long> of(Map<TopicPartition, PositionRule.Decision> decisions, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> edges = new LinkedHashMap<>(ends);
        List<TopicPartition> early = pinnedAt(PositionRule.Edge.BEGINNING, decisions);
        List<TopicPartition> timed = pinnedAt(PositionRule.Edge.TIME, decisions);
        if (!early.isEmpty()) {
            edges.putAll(driver.beginningOffsets(early));
        }
        if (!timed.isEmpty()) {
            edges.putAll(at(timed));
        }
        return edges;
    }

    /** Those that have no such message are left out, and so pinned at the end. */
    private Map<TopicPartition, Long> at(List<TopicPartition> partitions) {
        // The driver refuses what lies before its own epoch, and messages without a timestamp count as earlier than
        // that.
        return startMillis < 0 ? driver.beginningOffsets(partitions) : driver.offsetsForTime(partitions, startMillis);
    }

    private static List<TopicPartition> pinnedAt(
            PositionRule.Edge edge, Map<TopicPartition, PositionRule.Decision> decisions) {
        List<TopicPartition> partitions = new ArrayList<>();
        decisions.forEach((partition, decision) -> {
            if (decision instanceof PositionRule.Pin pin && pin.edge() == edge) {
                partitions.add(partition);
            }
        });
        return partitions;
    }
}
