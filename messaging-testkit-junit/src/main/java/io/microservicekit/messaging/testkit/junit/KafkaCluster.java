package io.microservicekit.messaging.testkit.junit;

import io.microservicekit.messaging.testkit.junit.internal.BrokerAdmin;
import io.microservicekit.messaging.testkit.junit.internal.BrokerProperties;
import io.microservicekit.messaging.testkit.junit.internal.ClusterAdmin;
import io.microservicekit.messaging.testkit.junit.internal.LocalBrokerPlan;
import io.microservicekit.messaging.testkit.junit.internal.LocalCluster;
import io.microservicekit.messaging.testkit.junit.internal.Lookup;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;

/**
 * Three real Kafka brokers for tests, of which a test may kill, freeze and restart each, and between which leaders move.
 *
 * <p>Each node is a process as that of {@link KafkaServer}, forked from the jars in the directory given by the system property
 * {@code messaging.kafka.broker.lib} or the environment variable {@code MESSAGING_KAFKA_BROKER_LIB}, and dies with this JVM. Topics have
 * three replicas, of which two must be in sync for a write: with one node gone all goes on, with two gone nothing does. A start takes about
 * 10 s and 0.6 GB of memory.
 *
 * <p>{@code kafka-clients} must be among the dependencies of the tests. Every method blocks the calling thread; the methods that change
 * processes are called by one thread at a time, the others by any.
 */
public final class KafkaCluster implements AutoCloseable {
    /** How many nodes there are; their ids are 1 to 3. */
    public static final int NODES = 3;

    /** The leader of its only partition coordinates. */
    private static final String GROUPS = "__consumer_offsets";

    private final LocalCluster cluster;
    private final List<KafkaServer> nodes;

    private KafkaCluster(LocalCluster cluster) {
        this.cluster = cluster;
        this.nodes = cluster.nodes().stream().map(KafkaServer::new).toList();
    }

    /**
     * Starts three brokers with the default settings.
     *
     * @return the running brokers, to be closed by the caller
     * @throws IllegalStateException when the jars of a broker cannot be found, or a node does not start within 2 minutes; the message says why
     *     and ends with the tail of that broker's log
     */
    public static KafkaCluster start() {
        return builder().start();
    }

    /**
     * Chooses settings before the start.
     *
     * @return a builder with the default settings
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Tells where clients connect to; stays the same across restarts.
     *
     * @return the addresses of all nodes, {@code host:port} with commas between
     */
    public String bootstrapServers() {
        return cluster.bootstrapServers();
    }

    /**
     * One node, to kill, freeze, stop and restart it. It cannot be closed on its own. {@link KafkaServer#restart} returns when the node is known
     * to its cluster, which may be before its replicas are in sync, see {@link #awaitInSync}.
     *
     * @param id from 1 to {@link #NODES}
     * @return the node
     * @throws IndexOutOfBoundsException for another id
     */
    public KafkaServer node(int id) {
        return nodes.get(id - 1);
    }

    /**
     * Creates a topic with three replicas and returns when each of its partitions has a leader.
     *
     * @param name a name that no topic has
     * @param partitions number of partitions, at least 1
     * @throws IllegalArgumentException when {@code partitions} is less than 1
     * @throws IllegalStateException when the brokers refuse, do not answer within 30 s or elect no leaders within 60 s
     */
    public void createTopic(String name, int partitions) {
        BrokerAdmin.createTopic(bootstrapServers(), Objects.requireNonNull(name, "name"), partitions);
    }

    /**
     * Asks who leads a partition.
     *
     * @param topic an existing topic
     * @param partition one of its partitions
     * @return the id of a node
     * @throws IllegalStateException when nobody answers within 30 s, or there is no leader within 60 s
     */
    public int leader(String topic, int partition) {
        return ClusterAdmin.leader(bootstrapServers(), Objects.requireNonNull(topic, "topic"), partition);
    }

    /**
     * Makes a node the preferred leader of a partition, elects it, and returns when it leads.
     *
     * @param topic an existing topic
     * @param partition one of its partitions
     * @param node the id of a running node
     * @throws IllegalArgumentException when the partition has no replica there
     * @throws IllegalStateException when nobody answers within 30 s, or the node does not lead within 60 s
     */
    public void moveLeader(String topic, int partition, int node) {
        ClusterAdmin.moveLeader(
                bootstrapServers(), new TopicPartition(Objects.requireNonNull(topic, "topic"), partition), node);
    }

    /**
     * Asks who coordinates the groups: one node does for all.
     *
     * @return the id of a node
     * @throws IllegalStateException when no group has been used yet, or nobody answers within 30 s
     */
    public int coordinator() {
        return leader(GROUPS, 0);
    }

    /**
     * Makes a node the coordinator of all groups and returns when it is.
     *
     * @param node the id of a running node
     * @throws IllegalStateException when no group has been used yet, or the node does not coordinate within 60 s
     */
    public void moveCoordinator(int node) {
        moveLeader(GROUPS, 0, node);
    }

    /**
     * Returns when each replica of each partition is in sync again, so that one node may be lost without stopping writes.
     *
     * @throws IllegalStateException when that takes more than 60 s
     */
    public void awaitInSync() {
        ClusterAdmin.awaitInSync(bootstrapServers());
    }

    /** Kills all nodes and deletes their temporary directories, their logs included. A second call does nothing. */
    @Override
    public void close() {
        cluster.close();
    }

    /** Settings of all nodes before their start; used by one thread. */
    public static final class Builder {
        private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

        private final BrokerProperties properties = new BrokerProperties();

        private Builder() {}

        /**
         * Sets a property of every node ({@code server.properties}).
         *
         * @param name any but those by which the fixture finds the nodes: role, id, listeners, quorum and {@code log.dirs}
         * @param value the value as Kafka reads it
         * @return this builder
         * @throws IllegalArgumentException when the name is blank or belongs to the fixture
         */
        public Builder property(String name, String value) {
            properties.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Starts the nodes and returns when a client was told by each of them that it lives.
         *
         * @return the running brokers, to be closed by the caller
         * @throws IllegalStateException when the jars of a broker cannot be found, or a node does not start within 2 minutes; the message says
         *     why and ends with the tail of that broker's log
         */
        public KafkaCluster start() {
            BrokerAdmin.requireClient();
            LocalBrokerPlan plan =
                    new LocalBrokerPlan(Lookup.ofThisJvm().brokerLibrary(), properties, null, START_TIMEOUT, null);
            return new KafkaCluster(LocalCluster.start(plan, NODES));
        }
    }
}
