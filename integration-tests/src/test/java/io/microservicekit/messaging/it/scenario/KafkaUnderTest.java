package io.microservicekit.messaging.it.scenario;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A real Kafka broker, observed by an admin client of its own. */
public final class KafkaUnderTest implements BackendUnderTest {
    private final KafkaServer server;
    private final Admin admin;

    public KafkaUnderTest(KafkaServer server) {
        this.server = server;
        this.admin = Admin.create(Map.of(
                "bootstrap.servers", server.bootstrapServers(),
                "client.id", "observer",
                "request.timeout.ms", "5000",
                "default.api.timeout.ms", "15000",
                "enable.metrics.push", "false"));
    }

    @Override
    public BackendOptions options() {
        return KafkaOptions.builder().brokers(server.bootstrapServers()).build();
    }

    @Override
    public BackendOptions options(Duration maxPollInterval) {
        return KafkaOptions.builder()
                .brokers(server.bootstrapServers())
                .maxPollInterval(maxPollInterval)
                .build();
    }

    /** The observing admin client. */
    public Admin admin() {
        return admin;
    }

    @Override
    public void createTopic(String topic, int partitions) {
        server.createTopic(topic, partitions);
    }

    @Override
    public SortedMap<Integer, Long> committed(String group, String topic) {
        SortedMap<Integer, Long> offsets = new TreeMap<>();
        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((place, offset) -> {
                    if (place.topic().equals(topic)) {
                        offsets.put(place.partition(), offset.offset());
                    }
                });
        return offsets;
    }

    @Override
    public SortedMap<Integer, Long> endOffsets(String topic) {
        Map<TopicPartition, OffsetSpec> latest =
                places(topic).stream().collect(Collectors.toMap(Function.identity(), place -> OffsetSpec.latest()));
        SortedMap<Integer, Long> ends = new TreeMap<>();
        get(admin.listOffsets(latest).all()).forEach((place, end) -> ends.put(place.partition(), end.offset()));
        return ends;
    }

    private List<TopicPartition> places(String topic) {
        TopicDescription description =
                get(admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
        return description.partitions().stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    @Override
    public List<Message> messages(String topic) {
        return RecordsOf.topic(server.bootstrapServers(), places(topic)).stream()
                .map(KafkaUnderTest::message)
                .toList();
    }

    private static Message message(ConsumerRecord<byte[], byte[]> stored) {
        Headers.Builder headers = Headers.builder();
        stored.headers().forEach(header -> headers.add(header.key(), header.value()));
        return Message.received(stored.topic(), stored.key(), stored.value(), headers.build(), stored.timestamp());
    }

    private static <T> T get(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("asking the broker failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("asking the broker was interrupted", e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }

    @Override
    public String toString() {
        return "kafka";
    }

    /** All that partitions hold up to the end offsets that the broker tells. */
    private static final class RecordsOf {
        private RecordsOf() {}

        static List<ConsumerRecord<byte[], byte[]>> topic(String bootstrapServers, List<TopicPartition> places) {
            try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                    Map.of("bootstrap.servers", bootstrapServers, "enable.metrics.push", "false"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer())) {
                consumer.assign(places);
                consumer.seekToBeginning(places);
                List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
                Map<TopicPartition, Long> ends = consumer.endOffsets(places);
                while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                    consumer.poll(Duration.ofSeconds(1)).forEach(all::add);
                }
                return all;
            }
        }
    }
}
