package io.microservicekit.messaging.it.kafka;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The plain clients, without anything of this library. */
final class RawKafka {
    private static final int QUIET_POLLS = 3;

    private RawKafka() {}

    static Producer<String, String> producer(String bootstrapServers, Duration deliveryTimeout) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "acks", "all",
                        "linger.ms", "0",
                        "request.timeout.ms", "1000",
                        "max.block.ms", deliveryTimeout.toMillis(),
                        "delivery.timeout.ms", String.valueOf(deliveryTimeout.toMillis()),
                        "enable.metrics.push", "false"),
                new StringSerializer(),
                new StringSerializer());
    }

    static Producer<String, String> transactional(String bootstrapServers, String transactionalId) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "transactional.id", transactionalId,
                        "enable.metrics.push", "false"),
                new StringSerializer(),
                new StringSerializer());
    }

    /** Sends to one partition and returns when all are confirmed; fails at the first that is not. */
    static void send(Producer<String, String> producer, TopicPartition to, List<String> values) throws Exception {
        List<Future<RecordMetadata>> confirms = new ArrayList<>();
        for (String value : values) {
            confirms.add(producer.send(new ProducerRecord<>(to.topic(), to.partition(), null, value)));
        }
        for (Future<RecordMetadata> confirm : confirms) {
            confirm.get();
        }
    }

    /** Puts confirmed messages into one partition. */
    static void fill(String bootstrapServers, TopicPartition to, int count) throws Exception {
        try (Producer<String, String> producer = producer(bootstrapServers, Duration.ofSeconds(30))) {
            send(producer, to, values(count));
        }
    }

    /** All values of one partition, in order: read to the end offset that the broker tells. */
    static List<String> readAll(String bootstrapServers, TopicPartition from) {
        try (Consumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "default.api.timeout.ms",
                        "15000",
                        "enable.metrics.push",
                        "false"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(from));
            consumer.seekToBeginning(List.of(from));
            long end = consumer.endOffsets(List.of(from)).get(from);
            List<String> values = new ArrayList<>();
            for (int quiet = 0; consumer.position(from) < end && quiet < QUIET_POLLS; quiet++) {
                for (var each : consumer.poll(Duration.ofSeconds(5))) {
                    values.add(each.value());
                    quiet = 0;
                }
            }
            return values;
        }
    }

    /** The offset of the next record of a partition, control records counted. */
    static long end(String bootstrapServers, TopicPartition partition) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        }
    }

    /** The sum of the offsets that a group has committed in a topic. */
    static long committed(String bootstrapServers, String topic, String group) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                    .filter(commit -> commit.getKey().topic().equals(topic))
                    .mapToLong(commit -> commit.getValue().offset())
                    .sum();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("Reading the offsets of group " + group + " failed", e);
        }
    }

    /** What a group has committed. */
    static Map<TopicPartition, OffsetAndMetadata> commits(String bootstrapServers, String group) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
        }
    }

    /** Deletes a topic and returns when the broker no longer knows it. */
    static void deleteTopic(String bootstrapServers, String topic) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.deleteTopics(List.of(topic)).all().get();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !admin.listTopics().names().get().contains(topic));
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("Deleting topic " + topic + " failed", e);
        }
    }

    static List<String> values(int count) {
        return IntStream.range(0, count).mapToObj(number -> "value-" + number).toList();
    }
}
