package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.HealthStatus;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.OversizeDeadLetter;
import io.microservicekit.messaging.api.message.DeadLetterHeaders;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The broker takes the message, but its dead-letter topic takes none of that size: only the broker can tell. */
@Fault("F13")
@ExtendWith(KafkaServerExtension.class)
class OversizeDeadLetterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Three intervals of commits, and some. */
    private static final Duration INTERVALS = Duration.ofMillis(3_500);

    private static final int LARGE = 4_000;
    private static final String LIMIT = "1500";

    private final KafkaUnderTest backend;
    private final String topic = "orders-" + UUID.randomUUID().toString().substring(0, 8);
    private final String deadLetters = topic + "-dlq";
    private MessagingClient client;

    OversizeDeadLetterIT(KafkaServer server) {
        this.backend = new KafkaUnderTest(server);
    }

    @BeforeEach
    void open() throws Exception {
        backend.createTopic(topic, 2);
        backend.createTopic(deadLetters, 1);
        takesAtMost(LIMIT);
        client = MessagingClients.builder().backend(backend.options()).build();
    }

    @AfterEach
    void close() {
        client.shutdown(Duration.ofSeconds(5));
        backend.close();
    }

    @Test
    void aDeadLetterThatTheTopicIsTooNarrowForPausesItsPartitionWithTheReasonUntilItFits() throws Exception {
        consume(ConsumerOptions.builder().deadLetterQueue(deadLetters).build());
        int held = send("large", large());
        int other = sendElsewhere(held);
        await("the other partition consumed").atMost(PATIENCE).until(() -> committed(other) == 1);
        await("the reason told")
                .atMost(PATIENCE)
                .until(() -> client.health().reasons().stream()
                        .anyMatch(reason -> reason.contains(deadLetters) && reason.contains("MESSAGE_TOO_LARGE")));
        await("the source not acknowledged")
                .during(INTERVALS)
                .atMost(PATIENCE)
                .failFast("the source acknowledged", () -> committed(held) > 0)
                .until(() -> true);
        assertThat(client.health().progress().status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(backend.endOffsets(deadLetters)).as("did not test: written").containsEntry(0, 0L);

        takesAtMost("1000000");
        await("acknowledged when it fits").atMost(PATIENCE).until(() -> committed(held) > 0);
        assertThat(backend.messages(deadLetters)).singleElement().satisfies(letter -> {
            assertThat(letter.value()).hasSize(LARGE);
            assertThat(letter.headers().contains(DeadLetterHeaders.POINTER)).isFalse();
        });
    }

    @Test
    void aPointerIsWrittenInsteadWhenThatIsChosenAndTheSourceAcknowledged() {
        consume(ConsumerOptions.builder()
                .deadLetterQueue(deadLetters)
                .oversizeDeadLetter(OversizeDeadLetter.POINTER)
                .build());
        int partition = send("large", large());
        await("acknowledged").atMost(PATIENCE).until(() -> committed(partition) == 1);
        assertThat(backend.messages(deadLetters)).singleElement().satisfies(pointer -> {
            assertThat(pointer.keyText()).isEqualTo("large");
            assertThat(pointer.value()).isNull();
            assertThat(pointer.headers().text(DeadLetterHeaders.POINTER)).isEqualTo("1");
            assertThat(pointer.headers().text(DeadLetterHeaders.ORIGINAL_TOPIC)).isEqualTo(topic);
            assertThat(pointer.headers().text(DeadLetterHeaders.ORIGINAL_PARTITION))
                    .isEqualTo(Integer.toString(partition));
            assertThat(pointer.headers().text(DeadLetterHeaders.ORIGINAL_OFFSET))
                    .isEqualTo("0");
            assertThat(pointer.headers().text(DeadLetterHeaders.CONSUMER_GROUP)).isEqualTo(topic);
            assertThat(pointer.headers().text(DeadLetterHeaders.ERROR_MESSAGE)).isEqualTo("no stock");
        });
    }

    private void consume(ConsumerOptions options) {
        client.consumer(topic, options)
                .subscribe(topic, message -> {
                    if ("large".equals(message.message().keyText())) {
                        throw new IllegalStateException("no stock");
                    }
                })
                .awaitReady(PATIENCE);
    }

    /** Does not get smaller when it is compressed. */
    private static byte[] large() {
        byte[] value = new byte[LARGE];
        new SplittableRandom(1).nextBytes(value);
        return value;
    }

    /** The partition that it went to. */
    private int send(String key, byte[] value) {
        return client.producer()
                .send(Message.builder(topic).keyText(key).value(value).build())
                .partition();
    }

    /** Sends until the other partition has one, which is all that it gets. */
    private int sendElsewhere(int partition) {
        for (int i = 0; ; i++) {
            int other = send("key-" + i, new byte[1]);
            if (other != partition) {
                return other;
            }
        }
    }

    private long committed(int partition) {
        return backend.committed(topic, topic).getOrDefault(partition, 0L);
    }

    private void takesAtMost(String bytes) throws Exception {
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry("max.message.bytes", bytes), AlterConfigOp.OpType.SET);
        backend.admin()
                .incrementalAlterConfigs(
                        Map.of(new ConfigResource(ConfigResource.Type.TOPIC, deadLetters), List.of(change)))
                .all()
                .get();
    }
}
