package io.microservicekit.messaging.it.scenario;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.ConsumerOptionsBuilder;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.it.accounting.EndState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A broker as a scenario needs it: what clients connect to, and what an independent observer reads there. */
public interface BackendUnderTest extends AutoCloseable {
    /** Options that connect a client. */
    BackendOptions options();

    /** Options that connect a client whose members are thought dead when they do not poll for so long, where there is such a thing. */
    default BackendOptions options(Duration maxPollInterval) {
        return options();
    }

    /** Creates a topic and returns when it can be used. */
    void createTopic(String topic, int partitions);

    /** Lets the broker keep for a group, which has never consumed, what is sent from now on; a topic that keeps everything needs nothing. */
    default void provision(String group, String topic) {}

    /** Whether topics have partitions and groups commit positions in them. A queue has neither: it forgets what is acknowledged. */
    default boolean hasPositions() {
        return true;
    }

    /** Options of a consumer whose group begins with what lies there already; a queue holds it anyway. */
    default ConsumerOptionsBuilder fromTheBeginning() {
        ConsumerOptionsBuilder options = ConsumerOptions.builder();
        return hasPositions() ? options.startPosition(StartPosition.EARLIEST) : options;
    }

    /** Returns the offsets that a group has committed, by partition. */
    SortedMap<Integer, Long> committed(String group, String topic);

    /** Returns the same for samples, where it must never seem to go back by itself; by one thread at a time, always of one group and topic. */
    default SortedMap<Integer, Long> sampled(String group, String topic) {
        return committed(group, topic);
    }

    /** Returns the offsets that the next message would get, by partition. */
    SortedMap<Integer, Long> endOffsets(String topic);

    /** Returns all messages of a topic, each partition in order; of a queue what it holds. */
    List<Message> messages(String topic);

    /** Whether a topic or queue holds nothing. */
    default boolean isEmpty(String topic) {
        return endOffsets(topic).values().stream().allMatch(end -> end == 0);
    }

    /** Returns what a group has not consumed, by partition; a partition without a commit counts from its beginning. */
    default SortedMap<Integer, Long> lag(String group, String topic) {
        SortedMap<Integer, Long> lag = endOffsets(topic);
        committed(group, topic).forEach((partition, offset) -> lag.merge(partition, -offset, Long::sum));
        return lag;
    }

    /** Returns how many messages a group has not acknowledged, whether or not they are with a consumer of it. */
    default long unfinished(String group, String topic) {
        return sum(lag(group, topic));
    }

    /** Returns how many finished messages count as unfinished because they are behind one that is: all of its partition, none of a queue. */
    default long heldBack(long behind) {
        return hasPositions() ? behind : 0;
    }

    /** Returns how many messages a group has acknowledged of those sent, which are all that the topic ever had. */
    default long acknowledged(String group, String topic, long sent) {
        return sum(committed(group, topic));
    }

    private static long sum(Map<Integer, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether a group has committed all there is, or more: what it has missed is for the ledger to tell. */
    default boolean isDrained(String group, String topic) {
        return lag(group, topic).values().stream().allMatch(lag -> lag <= 0);
    }

    /** Returns the state after draining, for a run without dead letters. */
    default EndState end(String group, String topic) {
        Map<String, Long> remaining = new TreeMap<>();
        lag(group, topic).forEach((partition, count) -> remaining.put(group + " " + topic + "-" + partition, count));
        return new EndState(remaining, List.of());
    }

    @Override
    void close();
}
