package io.microservicekit.messaging.testkit;

import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.testkit.internal.memory.BrokerControl;
import io.microservicekit.messaging.testkit.internal.memory.LogEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * A broker in memory, for tests: backend type {@code memory}. Any number of clients share one broker by {@link #options()}; each gets its own
 * connection. Thread-safe; no method waits for a client.
 *
 * <p>It comes in two flavours. The <b>partition flavour</b> ({@link #create()}) behaves as Kafka does: topics with partitions chosen by Kafka's
 * key hash, offsets, groups with cooperative rebalancing, positions pinned at the first assignment. The <b>queue flavour</b>
 * ({@link #queues()}) behaves as an AMQP broker does: a group is a queue, with prefetch, a consumer timeout, and no offsets.
 *
 * <p>Delivery is at least once: what is not acknowledged is delivered again after a loss, in order. It has no threads and no clock of its own;
 * everything happens on the loops of the clients' runtime, each answer as an event after the call, so that a simulated run is deterministic. A
 * client that crashed keeps its session until {@link #expireSession(String)}.
 */
public final class MemoryBroker {
    private final BrokerControl control;

    MemoryBroker(BrokerControl control) {
        this.control = control;
    }

    /**
     * A broker of the partition flavour with default options: topics come into being by use, with one partition.
     *
     * @return a new broker
     */
    public static MemoryBroker create() {
        return builder().build();
    }

    /**
     * A broker of the queue flavour with default options.
     *
     * @return a new broker
     */
    public static MemoryBroker queues() {
        return builder().queueFlavour().build();
    }

    /**
     * A builder with default values, for the partition flavour unless told otherwise.
     *
     * @return a new builder, not thread-safe
     */
    public static MemoryBrokerBuilder builder() {
        return new MemoryBrokerBuilder();
    }

    /**
     * Options that connect a client to this broker.
     *
     * @return immutable options, usable by any number of clients
     */
    public MemoryOptions options() {
        return new MemoryOptions(this);
    }

    /**
     * Connects to this broker below the client, for tests that speak to the backend port itself.
     *
     * @param context what a client would lend
     * @return a new connection
     */
    public Backend open(BackendContext context) {
        return control.open(Objects.requireNonNull(context, "context"));
    }

    /**
     * Creates a topic; only needed for a number of partitions that differs from the default.
     *
     * @param topic the name, not yet in use
     * @param partitions 1 or more
     * @throws IllegalStateException when the topic exists, or in the queue flavour
     * @throws IllegalArgumentException when {@code partitions} is lower than 1
     */
    public void createTopic(String topic, int partitions) {
        control.createTopic(Objects.requireNonNull(topic, "topic"), positive("partitions", partitions));
    }

    /**
     * Adds partitions to a topic. Groups that consume it are assigned them and read them from their beginning.
     *
     * @param topic the name
     * @param total how many it has afterwards, not fewer than now
     * @throws IllegalStateException in the queue flavour
     * @throws IllegalArgumentException when {@code total} is lower than the present number
     */
    public void addPartitions(String topic, int total) {
        control.addPartitions(Objects.requireNonNull(topic, "topic"), positive("total", total));
    }

    /**
     * Declares a queue and binds it to topics, as a subscription of the group of that name would; idempotent.
     *
     * @param queue the name of the queue, which is the consumer group
     * @param topics what it gets from now on; none for a queue that takes dead letters only
     * @throws IllegalStateException in the partition flavour
     */
    public void bindQueue(String queue, String... topics) {
        List<String> names = new ArrayList<>();
        for (String topic : Objects.requireNonNull(topics, "topics")) {
            names.add(Objects.requireNonNull(topic, "topic"));
        }
        control.bindQueue(Objects.requireNonNull(queue, "queue"), names);
    }

    /**
     * Lets the next sends to a topic fail; the messages are not stored. Plans for one topic are met in the order in which they were made.
     *
     * @param topic the topic
     * @param outcome {@link SendOutcome#NOT_DELIVERED} or {@link SendOutcome#UNKNOWN}
     * @param times how many sends, 1 or more
     * @throws IllegalArgumentException for {@link SendOutcome#DELIVERED}, or when {@code times} is lower than 1
     */
    public void failSends(String topic, SendOutcome outcome, int times) {
        Objects.requireNonNull(outcome, "outcome");
        if (outcome == SendOutcome.DELIVERED) {
            throw new IllegalArgumentException("outcome is DELIVERED, which is no failure");
        }
        control.failSends(Objects.requireNonNull(topic, "topic"), outcome, positive("times", times));
    }

    /**
     * Lets the confirmations of the next sends to a topic be lost: the messages are stored, the senders learn UNKNOWN when their time is up.
     *
     * @param topic the topic
     * @param times how many sends, 1 or more
     * @throws IllegalArgumentException when {@code times} is lower than 1
     */
    public void loseConfirms(String topic, int times) {
        control.loseConfirms(Objects.requireNonNull(topic, "topic"), positive("times", times));
    }

    /**
     * Lets the confirmations of the next sends to a topic be late: the messages are stored at once. A delay beyond the send's timeout loses it.
     *
     * @param topic the topic
     * @param delay how late, zero or more
     * @param times how many sends, 1 or more
     * @throws IllegalArgumentException when {@code times} is lower than 1
     */
    public void delayConfirms(String topic, Duration delay, int times) {
        Objects.requireNonNull(delay, "delay");
        control.delayConfirms(Objects.requireNonNull(topic, "topic"), delay, positive("times", times));
    }

    /**
     * Stores the next message sent to a topic twice, as a retry inside a driver may.
     *
     * @param topic the topic
     */
    public void duplicateNext(String topic) {
        control.duplicateNext(Objects.requireNonNull(topic, "topic"));
    }

    /**
     * How many planned faults no send has met yet: a fault test proves by it that the fault bit.
     *
     * @param topic the topic
     * @return 0 when all were met
     */
    public int plannedFaults(String topic) {
        return control.plannedFaults(Objects.requireNonNull(topic, "topic"));
    }

    /**
     * Lets all sends to a topic fail as not delivered, until {@link #accept}: a dead-letter queue that is not available, for example.
     *
     * @param topic the topic
     */
    public void refuse(String topic) {
        control.refuse(Objects.requireNonNull(topic, "topic"));
    }

    /**
     * Ends {@link #refuse}; no effect otherwise.
     *
     * @param topic the topic
     */
    public void accept(String topic) {
        control.accept(Objects.requireNonNull(topic, "topic"));
    }

    /**
     * Ends all sessions (or channels) of a client by force: its consumers are told that their assignments are lost, and join again if they are
     * alive. To be called after a crash, as the broker does not notice one.
     *
     * @param clientId the client's id
     */
    public void expireSession(String clientId) {
        control.expireClient(Objects.requireNonNull(clientId, "clientId"));
    }

    /**
     * As {@link #expireSession}, for all consumers of a group.
     *
     * @param group the consumer group
     */
    public void expireGroup(String group) {
        control.expireGroup(Objects.requireNonNull(group, "group"));
    }

    /**
     * Revokes all that the members of a group hold, in order, and assigns it again with new epochs; with several members the partitions change
     * hands.
     *
     * @param group the consumer group
     */
    public void rebalance(String group) {
        control.rebalance(Objects.requireNonNull(group, "group"));
    }

    /**
     * Cuts the connections of all clients until {@link #reconnect()}: sends under way end unknown, new ones not delivered, probes fail, nothing is
     * delivered or acknowledged. Sessions outlive it in the partition flavour; channels do not in the queue flavour.
     */
    public void disconnect() {
        control.disconnect();
    }

    /** Ends {@link #disconnect()}: clients are connected again at once. */
    public void reconnect() {
        control.reconnect();
    }

    /**
     * All messages ever stored under a topic, dead letters of that name included.
     *
     * @param topic the topic
     * @return a copy, in the order of arrival; empty when there is no such topic
     */
    public List<StoredMessage> messages(String topic) {
        List<StoredMessage> messages = new ArrayList<>();
        for (LogEntry entry : control.messages(Objects.requireNonNull(topic, "topic"))) {
            messages.add(new StoredMessage(entry.message(), entry.partition(), entry.offset()));
        }
        return Collections.unmodifiableList(messages);
    }

    /**
     * Where a group would go on reading.
     *
     * @param group the consumer group
     * @param topic the topic
     * @param partition the partition, from 0
     * @return the committed (or pinned) offset; empty when the group has none, and always in the queue flavour
     */
    public OptionalLong committed(String group, String topic, int partition) {
        return control.committed(
                Objects.requireNonNull(group, "group"), Objects.requireNonNull(topic, "topic"), partition);
    }

    /**
     * How many messages a group has yet to acknowledge, delivered or not.
     *
     * @param group the consumer group, or queue
     * @return 0 when it has acknowledged everything since its pin, or does not exist
     */
    public long lag(String group) {
        return control.lag(Objects.requireNonNull(group, "group"));
    }

    /**
     * How many messages are delivered to the members of a group and not acknowledged.
     *
     * @param group the consumer group, or queue
     * @return 0 when there is nothing in flight
     */
    public long unacknowledged(String group) {
        return control.unacknowledged(Objects.requireNonNull(group, "group"));
    }

    /**
     * How many deliveries to a group were not the first of their message.
     *
     * @param group the consumer group, or queue
     * @return the number of possible duplicates so far
     */
    public long redelivered(String group) {
        return control.redelivered(Objects.requireNonNull(group, "group"));
    }

    /**
     * What clients did against the protocol, such as acknowledging a delivery twice; on an AMQP broker each would have closed the channel.
     *
     * @return a sentence for each, in order; empty when all is well
     */
    public List<String> violations() {
        return Collections.unmodifiableList(control.violations());
    }

    /**
     * Messages that a group can no longer get: stored since its pin, but neither acknowledged after a delivery nor deliverable.
     *
     * @return a sentence for each group and partition (or queue) that lost some; empty when nothing is lost
     */
    public List<String> losses() {
        return Collections.unmodifiableList(control.losses());
    }

    private static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at least 1");
        }
        return value;
    }
}
