package io.microservicekit.messaging.it.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client whose connection cannot close itself, since the user holds the thread that would do it. */
@ExtendWith(RabbitMqServerExtension.class)
class ForcedEndIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RabbitMqServer server;
    private final RabbitMqUnderTest backend;
    private final String name = "forced-" + UUID.randomUUID().toString().substring(0, 8);
    private final CountDownLatch hangs = new CountDownLatch(1);
    private final CompletableFuture<Void> goOn = new CompletableFuture<>();

    ForcedEndIT(RabbitMqServer server) {
        this.server = server;
        this.backend = RabbitMqUnderTest.classic(server);
    }

    @AfterEach
    void close() {
        goOn.complete(null);
        backend.close();
    }

    @Fault("F8")
    @Test
    void aContinuationThatHoldsTheThreadOfItsConnectionKeepsNoConnectionOpenBeyondTheEnd() throws Exception {
        MessagingClient client = MessagingClients.builder()
                .backend(backend.options())
                .clientId(name)
                .build();
        client.provision(name, List.of(name));
        client.consumer(name).subscribe(name, message -> {}).awaitReady(PATIENCE);
        MessageProducer producer = client.producer();
        var unused = producer.sendAsync(Message.builder(name).valueText("held").build())
                .whenComplete((result, error) -> hang());
        hangs.await();
        assertThat(connections()).isNotEmpty();
        client.shutdown(Duration.ofSeconds(1));
        await("no connection of the client")
                .atMost(PATIENCE)
                .until(() -> connections().isEmpty());
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(thread -> thread.startsWith(name) && thread.endsWith("-driver"));
    }

    private void hang() {
        hangs.countDown();
        // Ignores interruptions.
        goOn.join();
    }

    private List<String> connections() {
        return server.operator().connections().stream()
                .map(Object::toString)
                .filter(connection -> connection.contains(name))
                .toList();
    }
}
