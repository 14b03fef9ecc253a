package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.KafkaPartitioner;
import io.microservicekit.messaging.kafka.internal.shared.PendingSend;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Golden vectors: where the Go library would have put a key. */
class SaramaFnv1aTest {
    private static final int[] PARTITIONS = {1, 2, 3, 7, 12, 50, 1000};

    static Stream<String> vectors() throws IOException {
        try (InputStream file = SaramaFnv1aTest.class.getResourceAsStream("/wire/sarama-fnv1a.tsv")) {
            String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.startsWith("#")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void aKeyGoesWhereSaramaPutsIt(String vector) {
        String[] cells = vector.split("\t", -1);
        byte[] key = HexFormat.of().parseHex(cells[0]);
        assertThat(Integer.toHexString(SaramaFnv1a.hash(key))).isEqualTo(cells[1].replaceFirst("^0+", ""));
        for (int i = 0; i < PARTITIONS.length; i++) {
            assertThat(SaramaFnv1a.partition(key, PARTITIONS[i]))
                    .as("of %s partitions", PARTITIONS[i])
                    .isEqualTo(Integer.parseInt(cells[i + 2]));
        }
    }

    @Test
    void theVectorsAreThere() throws IOException {
        assertThat(vectors()).hasSizeGreaterThan(15).anyMatch(vector -> vector.contains("80000000"));
    }

    @Test
    void theDriverIsToldThePartitionOfAKeyAndNoneWithoutAKey() {
        MockProducer<byte[], byte[]> producer = producer(12);
        send(producer, KafkaPartitioner.SARAMA_FNV1A, bytes("order-123"));
        send(producer, KafkaPartitioner.SARAMA_FNV1A, bytes(""));
        send(producer, KafkaPartitioner.SARAMA_FNV1A, null);
        send(producer, KafkaPartitioner.MURMUR2, bytes("order-123"));
        assertThat(producer.history())
                .extracting(record -> record.partition())
                .containsExactly(
                        SaramaFnv1a.partition(bytes("order-123"), 12),
                        SaramaFnv1a.partition(bytes(""), 12),
                        null,
                        null);
    }

    @Test
    void whileThePartitionsAreNotKnownTheDriverWouldBlock() {
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public List<PartitionInfo> partitionsFor(String topic) {
                        throw new TimeoutException("Topic " + topic + " not present in metadata after 0 ms.");
                    }
                };
        PendingSend send = pending(bytes("order-123"));
        assertThat(new KafkaSendDriver(producer, KafkaPartitioner.SARAMA_FNV1A, Runnable::run).trySend(send))
                .isFalse();
        assertThat(send.future()).isNotDone();
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void theClientsOwnWayIsTheDefault() {
        assertThat(KafkaOptions.builder().brokers("h:1").build().partitioner()).isEqualTo(KafkaPartitioner.MURMUR2);
        assertThat(KafkaOptions.builder()
                        .brokers("h:1")
                        .partitioner(KafkaPartitioner.SARAMA_FNV1A)
                        .build())
                .hasToString(
                        KafkaOptions.builder().brokers("h:1").build().toString().replace("MURMUR2", "SARAMA_FNV1A"));
    }

    private static MockProducer<byte[], byte[]> producer(int partitions) {
        Node node = new Node(0, "h", 1);
        List<PartitionInfo> all = IntStream.range(0, partitions)
                .mapToObj(partition -> new PartitionInfo("topic", partition, partition == 5 ? null : node, null, null))
                .toList();
        Cluster cluster = new Cluster("c", List.of(node), all, java.util.Set.of(), java.util.Set.of());
        return new MockProducer<>(
                cluster, true, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static void send(MockProducer<byte[], byte[]> producer, KafkaPartitioner by, byte @Nullable [] key) {
        PendingSend send = pending(key);
        assertThat(new KafkaSendDriver(producer, by, Runnable::run).trySend(send))
                .isTrue();
        assertThat(send.future()).isCompleted();
    }

    private static PendingSend pending(byte @Nullable [] key) {
        Message message = Message.builder("topic").key(key).build();
        return new PendingSend(message, 5, Duration.ofSeconds(1), 0, new CompletableFuture<>());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
