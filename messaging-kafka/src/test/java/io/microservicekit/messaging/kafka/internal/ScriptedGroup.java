package io.microservicekit.messaging.kafka.internal;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** The commits of a group, and one topic of two partitions, as a consumer finds them that joins nothing. */
final class ScriptedGroup extends MockConsumer<byte[], byte[]> {
    static final TopicPartition FIRST = new TopicPartition("topic", 0);
    static final TopicPartition SECOND = new TopicPartition("topic", 1);

    private final Map<TopicPartition, OffsetAndMetadata> commits = new LinkedHashMap<>();
    private Consumer<Duration> onQuestion = limit -> {};
    private RuntimeException refusal;

    ScriptedGroup() {
        super("none");
    }

    /** The topic is there, from 0 to an end. */
    void topicEndsAt(long end) {
        updatePartitions("topic", List.of(info(FIRST), info(SECOND)));
        updateBeginningOffsets(offsets(0));
        updateEndOffsets(offsets(end));
    }

    private static PartitionInfo info(TopicPartition partition) {
        return new PartitionInfo(partition.topic(), partition.partition(), null, null, null);
    }

    private static Map<TopicPartition, Long> offsets(long offset) {
        Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        offsets.put(FIRST, offset);
        offsets.put(SECOND, offset);
        return offsets;
    }

    /** What the group has committed; the test may change it. */
    Map<TopicPartition, OffsetAndMetadata> commits() {
        return commits;
    }

    /** What each commit meets from now on. */
    void refuse(RuntimeException refusal) {
        this.refusal = refusal;
    }

    /** What happens in each question, which has the limit. */
    void onQuestion(Consumer<Duration> action) {
        onQuestion = action;
    }

    @Override
    public synchronized List<PartitionInfo> partitionsFor(String topic, Duration limit) {
        onQuestion.accept(limit);
        return super.partitionsFor(topic, limit);
    }

    @Override
    public synchronized Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration limit) {
        onQuestion.accept(limit);
        return super.endOffsets(partitions, limit);
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
            Set<TopicPartition> partitions, Duration limit) {
        onQuestion.accept(limit);
        Map<TopicPartition, OffsetAndMetadata> found = new LinkedHashMap<>();
        partitions.forEach(partition -> found.put(partition, commits.get(partition)));
        return found;
    }

    @Override
    public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration limit) {
        onQuestion.accept(limit);
        if (refusal != null) {
            throw refusal;
        }
        commits.putAll(offsets);
    }
}
