package io.microservicekit.messaging.it.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a plain producer of somebody else may write is handled like any other message. */
@ExtendWith(KafkaServerExtension.class)
class ForeignProducersIT {
    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final byte[] NOT_UTF_8 = {(byte) 0xC3, (byte) 0x28, (byte) 0xFF};

    private final KafkaServer server;

    ForeignProducersIT(KafkaServer server) {
        this.server = server;
    }

    @Test
    void whatAnotherProducerWritesIsHandledAndCommitted() throws Exception {
        server.createTopic("foreign", 1);
        List<ReceivedMessage> handled = new CopyOnWriteArrayList<>();
        List<ProducerRecord<byte[], byte[]>> sent = records();
        try (MessagingClient client = MessagingClients.builder()
                .backend(KafkaOptions.builder()
                        .brokers(server.bootstrapServers())
                        .build())
                .build()) {
            client.consumer("foreign").subscribe("foreign", handled::add).awaitReady(PATIENT);
            send(sent);
            await().atMost(PATIENT).until(() -> handled.size() == sent.size());
        }
        for (int i = 0; i < sent.size(); i++) {
            ReceivedMessage message = handled.get(i);
            assertThat(message.key()).isEqualTo(sent.get(i).key());
            assertThat(message.value()).isEqualTo(sent.get(i).value());
            List<String> headers = new ArrayList<>();
            message.headers().forEach((name, value) -> headers.add(name + "=" + java.util.Arrays.toString(value)));
            assertThat(headers).isEqualTo(texts(sent.get(i).headers()));
        }
        assertThat(RawKafka.committed(server.bootstrapServers(), "foreign", "foreign"))
                .isEqualTo(sent.size());
    }

    private static List<String> texts(Headers headers) {
        List<String> texts = new ArrayList<>();
        headers.forEach(header -> texts.add(header.key() + "=" + java.util.Arrays.toString(header.value())));
        return texts;
    }

    private static List<ProducerRecord<byte[], byte[]>> records() {
        RecordHeaders many = new RecordHeaders();
        for (int i = 0; i < 10_000; i++) {
            many.add("h" + i % 100, text(Integer.toString(i)));
        }
        return List.of(
                record(null, text("key"), null, new RecordHeaders()),
                record(null, new byte[0], new byte[0], new RecordHeaders()),
                record(null, NOT_UTF_8, NOT_UTF_8, new RecordHeaders()),
                record(0L, null, text("1970"), new RecordHeaders()),
                record(
                        System.currentTimeMillis() + 1_800_000,
                        null,
                        text("half an hour from now"),
                        new RecordHeaders()),
                record(
                        null,
                        null,
                        text("headers"),
                        new RecordHeaders()
                                .add("twice", text("1"))
                                .add("twice", text("2"))
                                .add("null", null)
                                .add("empty", new byte[0])
                                .add("binary", NOT_UTF_8)
                                .add("", text("no name"))
                                .add("a\r\nb", text("\0"))),
                record(
                        null,
                        null,
                        text("forged"),
                        new RecordHeaders()
                                .add("x-original-topic", text("../admin"))
                                .add("x-attempts", text("-1"))
                                .add("x-sampled", text("maybe"))
                                .add("x-trace-id", text("z".repeat(8_192)))),
                record(null, null, text("many"), many));
    }

    private static ProducerRecord<byte[], byte[]> record(Long timestamp, byte[] key, byte[] value, Headers headers) {
        return new ProducerRecord<>("foreign", 0, timestamp, key, value, headers);
    }

    private void send(List<ProducerRecord<byte[], byte[]>> records) throws Exception {
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", server.bootstrapServers(), "enable.metrics.push", "false"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (ProducerRecord<byte[], byte[]> record : records) {
                producer.send(record).get();
            }
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(UTF_8);
    }
}
