package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.StartPosition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Asks the broker what {@link PositionRule} needs to know, and commits its pins. */
final class PositionResolver {
    private final DriverCalls driver;
    private final TopicIds ids;
    private final StartPosition start;
    /** The topics in which the group was seen pinned, and their ids then; the empty text where the broker tells none. */
    private final Map<String, String> pinnedIn = new TreeMap<>();

    PositionResolver(DriverCalls driver, TopicIds ids, StartPosition start) {
        this.driver = driver;
        this.ids = ids;
        this.start = start;
    }

    /**
     * Where to read on, and what each later commit repeats.
     *
     * @param madeAnew whether the topic was made anew after the group was pinned, or is new to everybody
     * @param former the offset that the group had committed in an earlier topic of the name, null when none is found
     */
    record Position(
            long offset,
            PinMetadata pin,
            boolean madeAnew,
            @Nullable Long former) {}

    /**
     * The positions of assigned partitions; all of them are committed when this returns.
     *
     * @throws org.apache.kafka.common.KafkaException when the broker could not be asked, or the partitions are being moved; to be repeated
     */
    Map<TopicPartition, Position> resolve(Collection<TopicPartition> assigned) {
        // In this order: see PositionRule.
        ids.learn(topics(assigned), driver.limit());
        Map<TopicPartition, Long> ends = driver.endOffsets(assigned);
        Map<TopicPartition, PositionRule.Decision> decisions = new LinkedHashMap<>();
        for (String topic : topics(assigned)) {
            decide(topic, assigned, decisions);
        }
        Map<TopicPartition, Long> edges = new Edges(driver, start).of(decisions, ends);
        Map<TopicPartition, Position> positions = new LinkedHashMap<>();
        decisions.forEach((partition, decision) -> positions.put(partition, position(decision, edges.get(partition))));
        commitPins(decisions, positions);
        topics(assigned).forEach(this::notePinned);
        return positions;
    }

    private void decide(
            String topic, Collection<TopicPartition> assigned, Map<TopicPartition, PositionRule.Decision> decisions) {
        List<TopicPartition> own = new ArrayList<>();
        int count = driver.partitionCount(topic);
        for (TopicPartition partition : assigned) {
            if (partition.topic().equals(topic)) {
                own.add(partition);
                // The leader of the group may know more partitions than we do.
                count = Math.max(count, partition.partition() + 1);
            }
        }
        SortedMap<Integer, PositionRule.Commit> commits = commits(topic, count);
        PositionRule.Topic known = new PositionRule.Topic(count, ids.of(topic), known(topic));
        for (TopicPartition partition : own) {
            decisions.put(partition, PositionRule.decide(partition.partition(), commits, known, start));
        }
    }

    private void notePinned(String topic) {
        pinnedIn.put(topic, Objects.requireNonNullElse(ids.of(topic), ""));
    }

    private PositionRule.Known known(String topic) {
        String before = pinnedIn.get(topic);
        if (before == null) {
            return ids.wasMissing(topic) ? PositionRule.Known.EARLIER : PositionRule.Known.NOTHING;
        }
        boolean past = !before.isEmpty() && ids.isPast(topic, before);
        return past ? PositionRule.Known.EARLIER : PositionRule.Known.PINNED;
    }

    private SortedMap<Integer, PositionRule.Commit> commits(String topic, int count) {
        SortedMap<Integer, PositionRule.Commit> commits = new TreeMap<>();
        driver.committed(partitions(topic, 0, count)).forEach((partition, commit) -> {
            if (commit != null) {
                PinMetadata pin = PinMetadata.read(commit.metadata());
                commits.put(partition.partition(), new PositionRule.Commit(commit.offset(), pin));
            }
        });
        return commits;
    }

    private static Position position(PositionRule.Decision decision, @Nullable Long edge) {
        if (decision instanceof PositionRule.Continue committed) {
            return new Position(committed.offset(), committed.pin(), false, null);
        }
        PositionRule.Pin pin = (PositionRule.Pin) decision;
        return new Position(Objects.requireNonNull(edge, "edge"), pin.pin(), pin.madeAnew(), pin.former());
    }

    private void commitPins(
            Map<TopicPartition, PositionRule.Decision> decisions, Map<TopicPartition, Position> positions) {
        Map<TopicPartition, OffsetAndMetadata> pins = new LinkedHashMap<>();
        positions.forEach((partition, position) -> {
            if (decisions.get(partition) instanceof PositionRule.Pin) {
                pins.put(
                        partition,
                        new OffsetAndMetadata(position.offset(), position.pin().write()));
            }
        });
        if (!pins.isEmpty()) {
            driver.commitSync(pins, driver.limit());
        }
    }

    /**
     * Whether the group is pinned in all partitions of a topic that exist as far as anybody in the group knew: what is sent from now on is
     * delivered, whichever member holds the partition.
     */
    boolean pinned(String topic) {
        int known = driver.partitionCount(topic);
        SortedMap<Integer, PositionRule.Commit> commits = commits(topic, known);
        int named = known;
        for (PositionRule.Commit commit : commits.values()) {
            named = Math.max(named, commit.pin() == null ? 0 : commit.pin().count());
        }
        boolean pinned = known > 0
                && commits.size() == known
                && (named == known || commits(topic, named).size() == named);
        if (pinned) {
            notePinned(topic);
        }
        return pinned;
    }

    private static Set<TopicPartition> partitions(String topic, int from, int to) {
        Set<TopicPartition> partitions = new LinkedHashSet<>();
        for (int partition = from; partition < to; partition++) {
            partitions.add(new TopicPartition(topic, partition));
        }
        return partitions;
    }

    private static Set<String> topics(Collection<TopicPartition> partitions) {
        Set<String> topics = new TreeSet<>();
        partitions.forEach(partition -> topics.add(partition.topic()));
        return topics;
    }
}
