package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.core.internal.runtime.SystemRuntime;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.kafka.KafkaPartitioner;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An error that the driver does not catch ends its sending thread: it answers nothing any more. */
@ExtendWith(KafkaServerExtension.class)
class DeadSenderFaultIT {
    private static final String NAME = "dead-sender";
    private static final String ENDED_THREADS = "threads.ended";
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    /** 5 s until somebody looks, and a slow machine. */
    private static final Duration ENDED = Duration.ofSeconds(30);

    private final KafkaServer server;
    private final List<Thread> ended = new CopyOnWriteArrayList<>();
    private final String topic = NAME + "-" + UUID.randomUUID();

    DeadSenderFaultIT(KafkaServer server) {
        this.server = server;
    }

    /** Lives through the confirmation of one message; on the sending thread. */
    public static final class Deadly implements ProducerInterceptor<byte[], byte[]> {
        private int acknowledged;
        private List<Thread> ended = List.of();

        @Override
        public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> sent) {
            return sent;
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception error) {
            if (error == null && ++acknowledged == 2) {
                ended.add(Thread.currentThread());
                throw new OutOfMemoryError("planted");
            }
        }

        @Override
        public void close() {}

        @Override
        @SuppressWarnings("unchecked")
        public void configure(Map<String, ?> settings) {
            ended = (List<Thread>) settings.get(ENDED_THREADS);
        }
    }

    @Test
    @Fault("F17")
    void whatADeadSendingThreadHeldEndsAsUnknownAndAnotherDriverTakesItsPlace() throws Exception {
        ClientRuntime runtime = new SystemRuntime(null, System.getLogger("it"));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
            KafkaBackendProducer producer = producer(runtime.scope("it"));
            assertThat(send(producer)).succeedsWithin(ENDED);
            CompletableFuture<SendResult> held = send(producer);
            await("the thread has ended")
                    .atMost(ENDED)
                    .until(() -> ended.size() == 1 && !ended.get(0).isAlive());
            assertUnknown(held);
            assertThat(send(producer)).succeedsWithin(ENDED);
            assertThat(producer.impediment()).isNull();
            assertThat(end(admin))
                    .as("the one that it held had arrived, and nothing was sent twice")
                    .isEqualTo(3);
            assertThat(producer.close(Duration.ofSeconds(1)))
                    .succeedsWithin(ENDED)
                    .isEqualTo(0L);
        } finally {
            runtime.close();
        }
    }

    private KafkaBackendProducer producer(ClientRuntime runtime) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("bootstrap.servers", server.bootstrapServers());
        settings.put("client.id", NAME);
        settings.put("key.serializer", ByteArraySerializer.class);
        settings.put("value.serializer", ByteArraySerializer.class);
        settings.put("max.block.ms", 0);
        settings.put("linger.ms", 0);
        settings.put("request.timeout.ms", 1_000);
        settings.put("delivery.timeout.ms", 1_000);
        settings.put("interceptor.classes", List.of(Deadly.class));
        settings.put(ENDED_THREADS, ended);
        return new KafkaBackendProducer(
                () -> KafkaSendDriver.of(new KafkaProducer<>(settings), KafkaPartitioner.MURMUR2, runtime::onIo),
                runtime,
                NAME,
                new SendLimits(settings),
                runtime.loop("control"));
    }

    private CompletableFuture<SendResult> send(KafkaBackendProducer producer) {
        return producer.send(Message.builder(topic).valueText("value").build(), TIMEOUT);
    }

    private long end(Admin admin) throws InterruptedException, ExecutionException {
        TopicPartition partition = new TopicPartition(topic, 0);
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private static void assertUnknown(CompletableFuture<SendResult> sent) {
        assertThat(sent)
                .failsWithin(ENDED)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(SendException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.SEND_MESSAGE);
                    assertThat(error.outcome()).isEqualTo(SendOutcome.UNKNOWN);
                })
                .withMessageContaining("was ended by an error");
    }
}
