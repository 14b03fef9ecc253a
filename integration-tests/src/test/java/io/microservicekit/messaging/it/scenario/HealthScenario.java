package io.microservicekit.messaging.it.scenario;

import static io.microservicekit.messaging.it.Within.within;
import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.HealthReport;
import io.microservicekit.messaging.api.HealthStatus;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.MessagingClients;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client says of its own subscriptions. */
public abstract class HealthScenario<B extends BackendUnderTest> {
    protected final B backend;
    protected final MessagingClient client;
    /** Not there yet; of its group too. */
    protected final String topic = "health-" + UUID.randomUUID().toString().substring(0, 8);

    protected HealthScenario(B backend) {
        this.backend = backend;
        this.client = MessagingClients.builder().backend(backend.options()).build();
    }

    @AfterEach
    void close() {
        client.shutdown(Duration.ofSeconds(5));
        backend.close();
    }

    @Test
    void aSubscriptionThatFailedFailsLiveness() {
        backend.createTopic(topic, 1);
        Subscription subscription = subscribe(ConsumerOptions.defaults(), message -> {
            throw new NoSuchMethodError("an old library");
        });
        send();
        await("its end").atMost(PATIENCE).until(() -> subscription.completion().isDone());

        HealthReport report = client.health();

        assertThat(report.liveness().status()).isEqualTo(HealthStatus.DOWN);
        assertThat(report.liveness().reasons())
                .singleElement()
                .asString()
                .startsWith("Group '" + topic + "' is FAILED: ")
                .contains("NoSuchMethodError");
    }

    @Test
    void aHandlerThatHangsIsNamedWithinItsTimeoutAndFiveSeconds() throws Exception {
        Duration timeout = Duration.ofSeconds(1);
        backend.createTopic(topic, 1);
        CompletableFuture<ReceivedMessage> running = new CompletableFuture<>();
        CountDownLatch release = new CountDownLatch(1);
        ConsumerOptions options =
                ConsumerOptions.builder().handlerTimeout(timeout).build();
        subscribe(options, message -> {
            running.complete(message);
            assertThat(release.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        });
        ReceivedMessage hung = within(timeout.plusSeconds(5), watch -> {
            send();
            ReceivedMessage message = running.get();
            return watch.time(() -> {
                await("degraded").atMost(PATIENCE).until(() -> client.health().status() == HealthStatus.DEGRADED);
                return message;
            });
        });
        HealthReport report = client.health();
        assertThat(report.progress().reasons())
                .singleElement()
                .asString()
                .contains(hung.position() + ", attempt 1: its handler has been running for", "its timeout of PT1S");
        assertThat(report.liveness().passes()).isTrue();
        assertThat(report.readiness().passes()).isTrue();

        release.countDown();
        awaitUp();
    }

    private Subscription subscribe(ConsumerOptions options, MessageHandler handler) {
        return client.consumer(topic, options).subscribe(topic, handler).awaitReady(PATIENCE);
    }

    private void send() {
        client.producer().send(Message.builder(topic).valueText("x").build());
    }

    protected final void awaitUp() {
        await("up")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(client.health().reasons()).isEmpty());
    }
}
