package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The door to the broker's state: what {@code MemoryBroker} shows, behind the lock. Thread-safe. */
public final class BrokerControl {
    private final Cluster cluster;

    private BrokerControl(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * A broker whose topics have partitions.
     *
     * @param partitions of a topic that comes into being by use
     * @param revokeDrain how long a member may take to let go
     * @return a new broker
     */
    public static BrokerControl partitioned(int partitions, Duration revokeDrain) {
        return new BrokerControl(new Cluster(revokeDrain, violations -> new PartitionFlavour(partitions, violations)));
    }

    /**
     * A broker whose groups are queues.
     *
     * @param limits the limits of a channel
     * @param revokeDrain how long a member may take to let go
     * @return a new broker
     */
    public static BrokerControl queues(ChannelLimits limits, Duration revokeDrain) {
        return new BrokerControl(new Cluster(revokeDrain, violations -> new QueueFlavour(limits, violations)));
    }

    /**
     * Connects a client.
     *
     * @param context what the client lends
     * @return the connection
     */
    public Backend open(BackendContext context) {
        return new MemoryBackend(cluster, context);
    }

    /**
     * Creates a topic.
     *
     * @param topic the name
     * @param partitions how many
     */
    public void createTopic(String topic, int partitions) {
        onTopics(flavour -> {
            if (flavour.exists(topic)) {
                throw new IllegalStateException("Creating topic '" + topic
                        + "' failed: it exists already. Create it before its first use, or use addPartitions.");
            }
            flavour.create(topic, partitions);
        });
    }

    /**
     * Adds partitions to a topic.
     *
     * @param topic the name
     * @param total how many it has afterwards
     */
    public void addPartitions(String topic, int total) {
        onTopics(flavour -> {
            if (flavour.topic(topic).partitions() > total) {
                throw new IllegalArgumentException("Topic '" + topic + "' has "
                        + flavour.topic(topic).partitions() + " partitions, they cannot become " + total);
            }
            flavour.grow(topic, total);
        });
    }

    /**
     * Declares a queue and binds it.
     *
     * @param queue the name
     * @param topics what it gets
     */
    public void bindQueue(String queue, List<String> topics) {
        cluster.locked(() -> {
            if (!(cluster.flavour() instanceof QueueFlavour flavour)) {
                throw new IllegalStateException(
                        "Binding queue '" + queue + "' failed: this broker has topics, no queues.");
            }
            flavour.group(queue).provision(topics);
        });
    }

    private void onTopics(Consumer<PartitionFlavour> action) {
        cluster.locked(() -> {
            if (!(cluster.flavour() instanceof PartitionFlavour flavour)) {
                throw new IllegalStateException("This broker has queues, no topics with partitions: use bindQueue.");
            }
            action.accept(flavour);
        });
    }

    /**
     * Plans failures.
     *
     * @param topic of the sends
     * @param outcome what the senders learn
     * @param times how many sends
     */
    public void failSends(String topic, SendOutcome outcome, int times) {
        plan(topic, outcome == SendOutcome.UNKNOWN ? Fault.UNKNOWN : Fault.NOT_DELIVERED, times);
    }

    /**
     * Plans stored messages whose confirmation never comes.
     *
     * @param topic of the sends
     * @param times how many sends
     */
    public void loseConfirms(String topic, int times) {
        plan(topic, Fault.CONFIRM_LOST, times);
    }

    /**
     * Plans late confirmations.
     *
     * @param topic of the sends
     * @param delay how late
     * @param times how many sends
     */
    public void delayConfirms(String topic, Duration delay, int times) {
        plan(topic, Fault.confirmedAfter(delay), times);
    }

    /**
     * Plans one message that is stored twice.
     *
     * @param topic of the send
     */
    public void duplicateNext(String topic) {
        plan(topic, Fault.TWICE, 1);
    }

    private void plan(String topic, Fault fault, int times) {
        cluster.locked(() -> cluster.faults().plan(topic, fault, times));
    }

    /**
     * Counts what is planned and not met yet.
     *
     * @param topic of the sends
     * @return how many sends will meet a plan
     */
    public int plannedFaults(String topic) {
        return cluster.locked(() -> cluster.faults().left(topic));
    }

    /**
     * Lets all sends to a topic fail from now on.
     *
     * @param topic the topic
     */
    public void refuse(String topic) {
        cluster.locked(() -> cluster.faults().refuse(topic));
    }

    /**
     * Ends {@link #refuse}.
     *
     * @param topic the topic
     */
    public void accept(String topic) {
        cluster.locked(() -> cluster.faults().accept(topic));
    }

    /**
     * Ends the sessions of a client by force.
     *
     * @param clientId the client
     */
    public void expireClient(String clientId) {
        cluster.locked(() -> cluster.expire(consumer -> consumer.clientId().equals(clientId)));
    }

    /**
     * Ends the sessions of a group by force.
     *
     * @param group the group
     */
    public void expireGroup(String group) {
        cluster.locked(() -> cluster.expire(consumer -> consumer.spec().group().equals(group)));
    }

    /**
     * Revokes everything in a group and assigns it anew.
     *
     * @param group the group
     */
    public void rebalance(String group) {
        cluster.locked(() -> cluster.group(group).rebalance());
    }

    /** Cuts all connections. */
    public void disconnect() {
        cluster.locked(cluster::disconnect);
    }

    /** Ends {@link #disconnect}. */
    public void reconnect() {
        cluster.locked(cluster::reconnect);
    }

    /**
     * Reads all that was stored under a topic.
     *
     * @param topic the topic
     * @return the messages in the order of arrival
     */
    public List<LogEntry> messages(String topic) {
        return cluster.locked(() -> cluster.flavour().messages(topic));
    }

    /**
     * Reads a committed offset.
     *
     * @param group the group
     * @param topic the topic
     * @param partition the partition
     * @return the offset, empty when there is none
     */
    public OptionalLong committed(String group, String topic, int partition) {
        return of(group, g -> g.committed(topic, partition), OptionalLong::empty);
    }

    /**
     * Counts what a group has not acknowledged.
     *
     * @param group the group
     * @return delivered or not
     */
    public long lag(String group) {
        return of(group, Group::lag, () -> 0L);
    }

    /**
     * Counts what a group was given and has not acknowledged.
     *
     * @param group the group
     * @return delivered only
     */
    public long unacknowledged(String group) {
        return of(group, Group::unacknowledged, () -> 0L);
    }

    /**
     * Counts repeated deliveries.
     *
     * @param group the group
     * @return deliveries beyond the first of each message
     */
    public long redelivered(String group) {
        return of(group, Group::redelivered, () -> 0L);
    }

    /**
     * Reads what clients did against the protocol.
     *
     * @return a sentence for each
     */
    public List<String> violations() {
        return cluster.locked(() -> cluster.violations().all());
    }

    /**
     * Looks for messages that are neither acknowledged nor deliverable.
     *
     * @return a sentence for each group that lost some
     */
    public List<String> losses() {
        return cluster.locked(() -> {
            List<String> losses = new ArrayList<>();
            cluster.flavour().groups().forEach(group -> losses.addAll(group.losses()));
            return losses;
        });
    }

    private <T> T of(String group, Function<Group, T> question, Supplier<T> unknown) {
        return cluster.locked(() -> {
            Group found = cluster.flavour().find(group);
            return found == null ? unknown.get() : question.apply(found);
        });
    }
}
