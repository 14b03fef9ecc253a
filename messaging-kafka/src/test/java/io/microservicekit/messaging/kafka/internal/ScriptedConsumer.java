package io.microservicekit.messaging.kafka.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/** The driver's own mock, with commits that fail when the test says so. */
final class ScriptedConsumer extends MockConsumer<byte[], byte[]> {
    static final TopicPartition PARTITION = new TopicPartition("topic", 0);
    private static final int MAX_POLLS = 1_000;

    private final Queue<RuntimeException> commitFailures = new ArrayDeque<>();
    private final List<Long> committed = new ArrayList<>();
    private int polls;

    ScriptedConsumer(long end) {
        super("none");
        updatePartitions("topic", List.of(new PartitionInfo("topic", 0, null, null, null)));
        bounds(0, end);
    }

    /** What the partition has, from and to. */
    void bounds(long beginning, long end) {
        updateBeginningOffsets(offsets(beginning));
        updateEndOffsets(offsets(end));
    }

    private static Map<TopicPartition, Long> offsets(long offset) {
        Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        offsets.put(PARTITION, offset);
        return offsets;
    }

    /** The next commit fails. */
    void failCommit(RuntimeException failure) {
        commitFailures.add(failure);
    }

    /** The offsets that the broker took, in their order. */
    List<Long> committed() {
        return committed;
    }

    void addRecords(long from, int count) {
        for (long offset = from; offset < from + count; offset++) {
            addRecord(new ConsumerRecord<>("topic", 0, offset, new byte[0], new byte[0]));
        }
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        polls++;
        if (polls > MAX_POLLS) {
            throw new KafkaException("the test did not close the consumer");
        }
        return super.poll(timeout);
    }

    @Override
    public synchronized void commitAsync(
            Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        RuntimeException failure = commitFailures.poll();
        if (failure == null) {
            take(offsets);
        }
        callback.onComplete(offsets, failure);
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        RuntimeException failure = commitFailures.poll();
        if (failure instanceof InterruptException) {
            // As the driver leaves it.
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure;
        }
        take(offsets);
    }

    private void take(Map<TopicPartition, OffsetAndMetadata> offsets) {
        committed.add(offsets.get(PARTITION).offset());
        super.commitAsync(offsets, null);
    }
}
