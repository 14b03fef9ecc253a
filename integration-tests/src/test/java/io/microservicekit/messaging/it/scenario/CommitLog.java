package io.microservicekit.messaging.it.scenario;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The commits of a group as they stand in the log of the broker. A coordinator that has just taken over answers from before the last of them, until it has
 * heard that all copies have it; the log never goes back unless somebody commits less. Not for several threads at once.
 */
final class CommitLog implements AutoCloseable {
    private static final String TOPIC = "__consumer_offsets";
    /** Keys of higher versions are of other records; the value begins with a version and the offset. */
    private static final short HIGHEST_OF_COMMITS = 1;

    private final Consumer<byte[], byte[]> consumer;
    private final SortedMap<Integer, Long> last = new TreeMap<>();

    CommitLog(String bootstrapServers) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "enable.metrics.push", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** What was committed last, by partition; always of the same group and topic. */
    SortedMap<Integer, Long> read(String group, String topic) {
        try {
            if (consumer.assignment().isEmpty()) {
                assign();
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

    private void assign() {
        List<TopicPartition> places = consumer.partitionsFor(TOPIC).stream()
                .map(each -> new TopicPartition(each.topic(), each.partition()))
                .toList();
        consumer.assign(places);
        consumer.seekToBeginning(places);
    }

    private void see(String group, String topic, ByteBuffer key, ByteBuffer value) {
        if (key.getShort() <= HIGHEST_OF_COMMITS
                && text(key).equals(group)
                && text(key).equals(topic)) {
            value.getShort();
            last.put(key.getInt(), value.getLong());
        }
    }

    private static String text(ByteBuffer from) {
        byte[] bytes = new byte[from.getShort()];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
