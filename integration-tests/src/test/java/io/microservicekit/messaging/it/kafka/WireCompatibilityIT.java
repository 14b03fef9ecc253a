package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.core.SimpleTracer;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.KafkaPartitioner;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a service with the Go library reads and writes, seen by the plain clients on a real broker. */
@ExtendWith(KafkaServerExtension.class)
class WireCompatibilityIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Tests of a module run in its directory. */
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private final KafkaServer server;
    private final String topic = name("orders");

    WireCompatibilityIT(KafkaServer server) {
        this.server = server;
    }

    private static String name(String base) {
        return base + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    private static List<String[]> vectors(String module, String file) throws IOException {
        return Files.readAllLines(
                        ROOT.resolve(module).resolve("src/test/resources/wire").resolve(file))
                .stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t", -1))
                .toList();
    }

    @Test
    void aKeyLandsWhereTheVectorsOfSaramaSay() throws Exception {
        server.createTopic(topic, 12);
        KafkaOptions options = KafkaOptions.builder()
                .brokers(server.bootstrapServers())
                .partitioner(KafkaPartitioner.SARAMA_FNV1A)
                .build();
        SortedMap<String, CompletableFuture<SendResult>> sent = new TreeMap<>();
        SortedMap<String, Integer> expected = new TreeMap<>();
        try (MessagingClient client =
                MessagingClients.builder().backend(options).build()) {
            MessageProducer producer = client.producer();
            for (String[] vector : vectors("messaging-kafka", "sarama-fnv1a.tsv")) {
                byte[] key = HexFormat.of().parseHex(vector[0]);
                sent.put(
                        vector[0],
                        producer.sendAsync(Message.builder(topic).key(key).build()));
                expected.put(vector[0], Integer.parseInt(vector[6]));
            }
            for (CompletableFuture<SendResult> each : sent.values()) {
                each.get(60, TimeUnit.SECONDS);
            }
            assertThat(producer.send(Message.builder(topic).build()).partition())
                    .isBetween(0, 11);
        }
        assertThat(expected).hasSizeGreaterThan(15);
        assertThat(landed(12)).isEqualTo(expected);
    }

    /** Each key as the broker has it, with its partition; the message without a key aside. */
    private SortedMap<String, Integer> landed(int partitions) {
        SortedMap<String, Integer> landed = new TreeMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            for (ConsumerRecord<byte[], byte[]> record : read(new TopicPartition(topic, partition))) {
                if (record.key() != null) {
                    landed.put(HexFormat.of().formatHex(record.key()), record.partition());
                }
            }
        }
        return landed;
    }

    private List<ConsumerRecord<byte[], byte[]>> read(TopicPartition from) {
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", server.bootstrapServers(), "enable.metrics.push", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(from));
            consumer.seekToBeginning(List.of(from));
            long end = Objects.requireNonNull(consumer.endOffsets(List.of(from)).get(from));
            List<ConsumerRecord<byte[], byte[]>> records = new CopyOnWriteArrayList<>();
            await("the records of " + from).atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return consumer.position(from) >= end;
            });
            return records;
        }
    }

    private static SortedMap<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
        SortedMap<String, String> headers = new TreeMap<>();
        record.headers().forEach(header -> {
            String before = headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            assertThat(before)
                    .as("a second header %s, which Go's map would hide", header.key())
                    .isNull();
        });
        return headers;
    }

    @Test
    void aTraceOfAGoServiceGoesOnInOursAndItsDeadLetterHasTheHeadersThatGoReads() throws Exception {
        String deadLetters = name("orders-dlq");
        String bills = name("bills");
        List.of(topic, deadLetters, bills).forEach(each -> server.createTopic(each, 1));
        SimpleTracer tracer = new SimpleTracer();
        KafkaOptions options =
                KafkaOptions.builder().brokers(server.bootstrapServers()).build();
        try (MessagingClient client =
                MessagingClients.builder().backend(options).tracer(tracer).build()) {
            MessageProducer producer = client.producer();
            MessageHandler handler = message -> {
                producer.send(Message.builder(bills).build());
                throw new IllegalStateException("no stock");
            };
            client.consumer(
                            "order-service",
                            ConsumerOptions.builder()
                                    .deadLetterQueue(deadLetters)
                                    .build())
                    .subscribe(topic, handler)
                    .awaitReady(PATIENCE);
            sendLikeGo();
            await("the dead letter")
                    .atMost(PATIENCE)
                    .until(() -> !read(new TopicPartition(deadLetters, 0)).isEmpty());
        }
        SortedMap<String, String> bill =
                headers(read(new TopicPartition(bills, 0)).get(0));
        assertThat(bill).containsOnlyKeys("x-trace-id", "x-span-id", "x-parent-span-id", "x-sampled");
        assertThat(bill)
                .containsEntry("x-trace-id", "4bf92f3577b34da6a3ce929d0e0e4736")
                .containsEntry("x-sampled", "1");
        assertThat(bill.get("x-span-id")).matches("[0-9a-f]{16}");
        assertGolden(headers(read(new TopicPartition(deadLetters, 0)).get(0)));
    }

    private void assertGolden(SortedMap<String, String> deadLetter) throws IOException {
        List<String[]> golden = vectors("messaging-core", "dead-letter-headers.tsv");
        assertThat(golden).hasSize(5);
        for (String[] vector : golden) {
            String value = vector[1]
                    .replace("{topic}", topic)
                    .replace("{partition}", "0")
                    .replace("{offset}", "0")
                    .replace("{error}", "no stock")
                    .replace("{group}", "order-service");
            assertThat(deadLetter).containsEntry(vector[0], value);
        }
        assertThat(deadLetter)
                .as("the context of its creation")
                .containsEntry("x-trace-id", "4bf92f3577b34da6a3ce929d0e0e4736")
                .containsEntry("x-span-id", "00f067aa0ba902b7")
                .containsEntry("x-sampled", "true")
                .doesNotContainKey("x-parent-span-id");
    }

    private void sendLikeGo() throws Exception {
        try (Producer<byte[], byte[]> go = new KafkaProducer<>(
                Map.of("bootstrap.servers", server.bootstrapServers(), "enable.metrics.push", "false"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, bytes("order-123"), bytes("{}"));
            record.headers()
                    .add("x-trace-id", bytes("4bf92f3577b34da6a3ce929d0e0e4736"))
                    .add("x-span-id", bytes("00f067aa0ba902b7"))
                    .add("x-sampled", bytes("true"));
            go.send(record).get(60, TimeUnit.SECONDS);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
