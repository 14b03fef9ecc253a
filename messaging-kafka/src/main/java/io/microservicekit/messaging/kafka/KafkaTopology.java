package io.microservicekit.messaging.kafka;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What becomes of topics that do not exist: those of a subscription and its dead-letter topic. This library creates none for a producer: a send to one that
 * does not exist ends as not delivered at its timeout. Immutable.
 */
public final class KafkaTopology {
    private static final KafkaTopology PASSIVE = new KafkaTopology(0, 0, Collections.emptyMap());

    private final int partitions;
    private final int replication;
    private final Map<String, String> configs;

    private KafkaTopology(int partitions, int replication, Map<String, String> configs) {
        this.partitions = partitions;
        this.replication = replication;
        this.configs = Collections.unmodifiableMap(new TreeMap<>(configs));
    }

    /**
     * Nothing is created, the default: a missing topic keeps the subscription from becoming ready until somebody creates it, and a missing dead-letter
     * topic fails it.
     *
     * @return the passive topology
     */
    public static KafkaTopology passive() {
        return PASSIVE;
    }

    /**
     * Missing topics are created, with the broker's default settings, and used only when each partition has a leader. See
     * {@link #create(int, int, Map)}.
     *
     * @param partitions from 1 to 10,000
     * @param replication copies of each partition, from 1 to 100
     * @return a creating topology
     */
    public static KafkaTopology create(int partitions, int replication) {
        return create(partitions, replication, Collections.emptyMap());
    }

    /**
     * Missing topics are created, and used only when each partition has a leader. One that exists with fewer partitions or fewer copies fails the
     * subscription (TOPOLOGY_MISMATCH); more of either are taken as they are, and the settings of one that exists are not compared.
     *
     * @param partitions from 1 to 10,000
     * @param replication copies of each partition, from 1 to 100
     * @param configs settings of the created topics as Kafka names them, for example {@code retention.ms}
     * @return a creating topology; {@link KafkaOptionsBuilder#build()} names a value that is out of range
     */
    public static KafkaTopology create(int partitions, int replication, Map<String, String> configs) {
        Objects.requireNonNull(configs, "configs").forEach((name, value) -> Objects.requireNonNull(value, name));
        return new KafkaTopology(partitions, replication, configs);
    }

    /**
     * Whether missing topics are created.
     *
     * @return false for {@link #passive()}
     */
    public boolean creates() {
        return this != PASSIVE;
    }

    /**
     * Partitions of a created topic.
     *
     * @return the number, 0 for {@link #passive()}
     */
    public int partitions() {
        return partitions;
    }

    /**
     * Copies of each partition of a created topic.
     *
     * @return the number, 0 for {@link #passive()}
     */
    public int replication() {
        return replication;
    }

    /**
     * Settings of a created topic.
     *
     * @return names and values, in the order of the names
     */
    public Map<String, String> configs() {
        return configs;
    }

    /** What would be created. */
    @Override
    public String toString() {
        return creates()
                ? "create(partitions=" + partitions + ", replication=" + replication + ", configs=" + configs + ")"
                : "passive";
    }
}
