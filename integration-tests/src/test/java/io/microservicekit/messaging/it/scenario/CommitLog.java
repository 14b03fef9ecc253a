package io.microservicekit.messaging.it.scenario;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * The commits of a group as they stand in the log of the broker. A coordinator that has just taken over may answer from before the last of them, until it
 * has heard that all copies have it; the log never goes back unless somebody commits less. Not for several threads at once.
 */
final class CommitLog implements AutoCloseable {
    /** Keys of higher versions are of other records; the value begins with a version and the offset. */
    private static final short HIGHEST_OF_COMMITS = 1;

    private final Consumer<byte[], byte[]> consumer;
    private final SortedMap<Integer, Long> last = new TreeMap<>();

    CommitLog(String bootstrapServers) {
        consumer = OffsetsTopic.consumer(bootstrapServers);
    }

    /** What was committed last, by partition; always of the same group and topic. */
    SortedMap<Integer, Long> read(String group, String topic) {
        try {
            if (consumer.assignment().isEmpty()) {
                var unused = OffsetsTopic.readBy(consumer);
            }
            for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofMillis(50))) {
                if (each.value() != null) {
                    see(group, topic, ByteBuffer.wrap(each.key()), ByteBuffer.wrap(each.value()));
                }
            }
        } catch (KafkaException e) {
            throw new IllegalStateException("reading the commits failed: " + e, e);
        }
        return new TreeMap<>(last);
    }

    private void see(String group, String topic, ByteBuffer key, ByteBuffer value) {
        if (key.getShort() <= HIGHEST_OF_COMMITS
                && OffsetsTopic.text(key).equals(group)
                && OffsetsTopic.text(key).equals(topic)) {
            value.getShort();
            last.put(key.getInt(), value.getLong());
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
