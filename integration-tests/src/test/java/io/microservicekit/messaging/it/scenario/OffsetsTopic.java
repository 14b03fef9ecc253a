package io.microservicekit.messaging.it.scenario;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The topic in which a Kafka broker keeps its groups and what they have committed. */
public final class OffsetsTopic {
    private static final String NAME = "__consumer_offsets";

    private OffsetsTopic() {}

    /** A consumer that reads nothing yet. */
    public static Consumer<byte[], byte[]> consumer(String bootstrapServers) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "enable.metrics.push", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Lets a consumer read all of it from its beginning; gives its partitions. */
    public static List<TopicPartition> readBy(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = consumer.partitionsFor(NAME).stream()
                .map(each -> new TopicPartition(each.topic(), each.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return partitions;
    }

    /** The next field of a key or value, a text. */
    public static String text(ByteBuffer from) {
        byte[] bytes = new byte[from.getShort()];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
