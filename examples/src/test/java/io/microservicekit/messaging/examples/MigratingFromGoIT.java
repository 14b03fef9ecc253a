package io.microservicekit.messaging.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.core.MessagingMetrics;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The snippets of the migration page that name brokers, on a real one. */
class MigratingFromGoIT {
    private static final Message ORDER =
            Message.builder("orders").valueText("1").build();
    private static final KafkaServer server = KafkaServer.start();
    private final System.Logger log = System.getLogger("MigratingFromGoIT");

    @BeforeAll
    static void createTopic() {
        server.createTopic("orders", 2);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theQuickStart() {
        assertThat(MigratingFromGo.quickStart(server.bootstrapServers(), log).offset())
                .isNotNegative();
    }

    @Test
    void producerAndConsumerWithoutAClient() {
        CompletableFuture<String> received = new CompletableFuture<>();
        MigratingFromGo.direct(server.bootstrapServers(), log, (producer, consumer) -> {
            consumer.subscribe("orders", message -> received.complete(message.valueText()))
                    .awaitReady(Duration.ofSeconds(60));
            producer.send(ORDER);
            received.orTimeout(60, TimeUnit.SECONDS).join();
        });
        assertThat(received).isCompletedWithValue("1");
    }

    @Test
    void metricsAndTraces() {
        MessagingMetrics metrics = new MessagingMetrics();
        try (MessagingClient metered = MigratingFromGo.metered(server.bootstrapServers(), metrics);
                MessagingClient traced = MigratingFromGo.traced(server.bootstrapServers())) {
            metered.producer().send(ORDER);
            CompletableFuture<String> trace = new CompletableFuture<>();
            traced.consumer("traces")
                    .subscribe(
                            "orders",
                            message -> trace.complete(message.headers().text("x-trace-id")))
                    .awaitReady(Duration.ofSeconds(60));
            traced.producer().send(ORDER);
            assertThat(trace.orTimeout(60, TimeUnit.SECONDS).join()).matches("[0-9a-f]{32}");
        }
        assertThat(metrics.snapshot().messagesSent()).isEqualTo(1);
    }

    @Test
    void theSnippetAboutRabbitMq() {
        try (RabbitMqServer rabbit = RabbitMqServer.start()) {
            assertThat(MigratingRabbitMq.sendAndReceive(rabbit.url(), log)).isEqualTo("{\"id\":\"123\"}");
        }
    }
}
