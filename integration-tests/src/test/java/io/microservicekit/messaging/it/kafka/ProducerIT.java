package io.microservicekit.messaging.it.kafka;

import static io.microservicekit.messaging.api.message.SendOutcome.DELIVERED;
import static io.microservicekit.messaging.api.message.SendOutcome.NOT_DELIVERED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.message.BatchResult;
import io.microservicekit.messaging.api.message.BatchSendException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidMessageException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ProducerHeaders;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What only a real broker shows of sending: outcomes by index, limits at their edge, what is stored. */
@ExtendWith(KafkaServerExtension.class)
class ProducerIT {
    private static final String TOPIC = "producer-it";
    private static final int MAX_REQUEST_SIZE = 1_048_576;

    private final KafkaUnderTest backend;
    private final MessagingClient client;

    ProducerIT(KafkaServer server) {
        this.backend = new KafkaUnderTest(server);
        this.client = MessagingClients.builder().backend(backend.options()).build();
    }

    @AfterEach
    void end() {
        client.close();
        backend.close();
    }

    private static Message message(String topic, int bytes) {
        return Message.builder(topic).keyText("key").value(new byte[bytes]).build();
    }

    private void limit(String topic, int maxMessageBytes) throws Exception {
        AlterConfigOp limit = new AlterConfigOp(
                new ConfigEntry("max.message.bytes", String.valueOf(maxMessageBytes)), AlterConfigOp.OpType.SET);
        backend.admin()
                .incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(limit)))
                .all()
                .get(15, TimeUnit.SECONDS);
    }

    /** Must-hold 9: a message that the topic refuses as too large, one to a topic that is not there, the others delivered. */
    @Test
    void ofABatchEachIndexHasTheOutcomeThatTheBrokerGave() throws Exception {
        String topic = TOPIC + "-batch";
        backend.createTopic(topic, 1);
        limit(topic, 2_000);
        List<Message> batch = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            batch.add(message(topic, 100 + i));
        }
        batch.set(7, incompressible(topic, 50_000));
        batch.set(12, message("missing", 100));

        BatchSendException error = catchThrowableOfType(
                BatchSendException.class, () -> client.producer().sendBatch(batch, Duration.ofSeconds(8)));

        assertThat(error.outcome()).isNotEqualTo(NOT_DELIVERED);
        for (BatchResult.Entry entry : error.result().entries()) {
            boolean fails = entry.index() == 7 || entry.index() == 12;
            assertThat(entry.outcome()).as("index " + entry.index()).isEqualTo(fails ? NOT_DELIVERED : DELIVERED);
        }
        assertThat(error.result().entries().get(7).error().code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(error.result().entries().get(12).error().code()).isEqualTo(ErrorCode.TIMEOUT);
        List<Integer> lengths = backend.messages(topic).stream()
                .map(stored -> stored.value().length)
                .toList();
        List<Integer> wanted =
                new ArrayList<>(batch.stream().map(sent -> sent.value().length).toList());
        wanted.removeAll(List.of(50_000, 100));
        wanted.add(0, 100);
        assertThat(lengths).isEqualTo(wanted);
    }

    private static Message incompressible(String topic, int bytes) {
        byte[] value = new byte[bytes];
        new java.util.SplittableRandom(1).nextBytes(value);
        return Message.builder(topic).value(value).build();
    }

    @Test
    void aMessageOfExactlyTheLargestSizeIsDeliveredAndOneByteMoreIsRefusedBeforeTheDriver() throws Exception {
        String topic = TOPIC + "-size";
        backend.createTopic(topic, 1);
        limit(topic, 2 * MAX_REQUEST_SIZE);
        MessageProducer producer = client.producer();
        int overhead = 61 + 21 + 1 + 3 + 1; // the driver's own, a null key, the length of the value, no headers
        Message largest = Message.builder(topic)
                .value(new byte[MAX_REQUEST_SIZE - overhead])
                .build();
        Message over = Message.builder(topic)
                .value(new byte[MAX_REQUEST_SIZE - overhead + 1])
                .build();

        assertThat(producer.send(largest).offset()).isZero();
        InvalidMessageException error = catchThrowableOfType(InvalidMessageException.class, () -> producer.send(over));

        assertThat(error.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(error).hasMessageContaining("1048577 B").hasMessageContaining("max.request.size");
        assertThat(backend.messages(topic)).hasSize(1);
    }

    @Test
    void nullAndEmptyKeysAndValuesAreStoredAsTheyAre() {
        String topic = TOPIC + "-null";
        backend.createTopic(topic, 3);
        List<byte[]> kinds = Arrays.asList(null, new byte[0], new byte[] {1});
        List<Message> batch = new ArrayList<>();
        for (byte[] key : kinds) {
            for (byte[] value : kinds) {
                batch.add(Message.builder(topic)
                        .key(key)
                        .value(value)
                        .header("nr", String.valueOf(batch.size()))
                        .build());
            }
        }

        client.producer().sendBatch(batch);

        List<Message> stored = backend.messages(topic);
        assertThat(stored).hasSize(9);
        for (Message message : stored) {
            Message sent =
                    batch.get(Integer.parseInt(String.valueOf(message.headers().text("nr"))));
            assertThat(message.key()).isEqualTo(sent.key());
            assertThat(message.value()).isEqualTo(sent.value());
        }
    }

    /** Such a call waited until its timeout, and kept the driver from sending anything meanwhile. */
    @Test
    void aCallThatWaitsInAContinuationOnTheDriversThreadIsRefusedAtOnceAndCloseStartsAndReturns() throws Exception {
        String topic = TOPIC + "-continuation";
        backend.createTopic(topic, 1);
        MessageProducer producer = client.producer();
        CompletableFuture<String> thread = new CompletableFuture<>();
        List<Throwable> refusals = new ArrayList<>();

        // The first send of a producer waits for the topic's leader, so that it does not end before its continuation is
        // known.
        producer.sendAsync(message(topic, 1))
                .thenRun(() -> {
                    refusals.add(catchThrowable(() -> producer.send(message(topic, 2))));
                    refusals.add(catchThrowable(() -> client.healthCheck(Duration.ofSeconds(20))));
                    producer.close();
                    thread.complete(Thread.currentThread().getName());
                })
                .get(10, TimeUnit.SECONDS);

        assertThat(thread.getNow("")).as("else this did not test").startsWith("kafka-producer-network-thread");
        assertThat(refusals.get(0))
                .isInstanceOfSatisfying(
                        SendException.class,
                        error -> assertThat(error.outcome()).isEqualTo(NOT_DELIVERED))
                .hasMessageContaining("must not wait");
        assertThat(refusals.get(1))
                .matches(error -> MessagingException.is(error, ErrorCode.HEALTH_CHECK))
                .hasMessageContaining("must not wait");
        assertThat(backend.messages(topic)).hasSize(1);
        client.producer().send(message(topic, 3));
    }

    @Test
    void theIdOfAMessageIsStored() {
        String topic = TOPIC + "-id";
        backend.createTopic(topic, 1);
        client.producer(ProducerOptions.builder().messageId(true).build()).send(message(topic, 1));
        assertThat(backend.messages(topic).get(0).headers().text(ProducerHeaders.MESSAGE_ID))
                .matches("[0-9a-f]{32}");
    }
}
