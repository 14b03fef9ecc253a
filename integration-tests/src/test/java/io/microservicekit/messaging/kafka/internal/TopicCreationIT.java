package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.core.internal.runtime.SystemRuntime;
import io.microservicekit.messaging.kafka.KafkaTopology;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Sends right after the creation of a topic. One broker elects its leaders before anybody can send, so that this shows no more than that such topics
 * take messages at once; that leaders are waited for (KAFKA-15591) is what {@code TopicCreationTest} shows.
 */
@ExtendWith(KafkaServerExtension.class)
class TopicCreationIT {
    private static final int TOPICS = 15;
    private static final int SENDS = 40;

    private final KafkaServer server;

    TopicCreationIT(KafkaServer server) {
        this.server = server;
    }

    @Test
    void aCreatedTopicTakesMessagesAtOnce() throws Exception {
        List<String> lost = new ArrayList<>();
        ClientRuntime runtime = new SystemRuntime(null, System.getLogger("it"));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()));
                Producer<String, String> producer = producer()) {
            AdminQuestions questions = new AdminQuestions(() -> admin, runtime);
            String run = UUID.randomUUID().toString().substring(0, 8);
            for (int i = 0; i < TOPICS; i++) {
                String topic = "created-" + run + "-" + i;
                runtime.scope("it")
                        .ioThread("it-" + i, () -> {
                            TopicCreation creation =
                                    new TopicCreation(spec(topic), KafkaTopology.create(3, 1), questions);
                            while (!creation.getAsBoolean()) {
                                // One step more.
                            }
                        })
                        .join();
                lost.addAll(lost(producer, topic));
            }
        } finally {
            runtime.close();
        }
        assertThat(lost).isEmpty();
    }

    private List<String> lost(Producer<String, String> producer, String topic) throws InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < SENDS; i++) {
            sent.add(producer.send(new ProducerRecord<>(topic, i % 3, null, "value-" + i)));
        }
        List<String> lost = new ArrayList<>();
        for (Future<RecordMetadata> each : sent) {
            try {
                each.get();
            } catch (ExecutionException e) {
                lost.add(topic + ": " + e.getCause());
            }
        }
        return lost;
    }

    /** Several requests in flight, so that a refused first batch can be overtaken. */
    private Producer<String, String> producer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", server.bootstrapServers(),
                        "acks", "all",
                        "linger.ms", "0",
                        "batch.size", "64",
                        "delivery.timeout.ms", "10000",
                        "request.timeout.ms", "5000",
                        "enable.metrics.push", "false"),
                new StringSerializer(),
                new StringSerializer());
    }

    private static ConsumerSpec spec(String topic) {
        return new ConsumerSpec(
                "group",
                List.of(topic),
                StartPosition.NEWEST,
                OrderingMode.PARTITION,
                1,
                100_000,
                null,
                System.getLogger("it"));
    }
}
