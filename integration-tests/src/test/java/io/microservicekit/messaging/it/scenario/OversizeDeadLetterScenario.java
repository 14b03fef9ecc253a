package io.microservicekit.messaging.it.scenario;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptionsBuilder;
import io.microservicekit.messaging.api.HealthStatus;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.OversizeDeadLetter;
import io.microservicekit.messaging.api.message.DeadLetterHeaders;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The broker took the message, but takes no dead letter of that size: only the broker can tell. */
@Fault("F13")
public abstract class OversizeDeadLetterScenario<B extends BackendUnderTest> {
    /** Three intervals of commits, and some. */
    private static final Duration INTERVALS = Duration.ofMillis(3_500);

    private static final String LARGE = "large";
    private static final int SIZE = 4_000;
    private static final int OTHERS = 3;

    protected final B backend;
    private final String topic = "orders-" + UUID.randomUUID().toString().substring(0, 8);
    private final String deadLetters = topic + "-dlq";
    private final AtomicInteger handled = new AtomicInteger();
    private final MessagingClient client;

    protected OversizeDeadLetterScenario(B backend) {
        this.backend = backend;
        this.client = MessagingClients.builder().backend(backend.options()).build();
    }

    /** From now on the broker takes no dead letter of more than 1,500 bytes. */
    protected abstract void narrow(String deadLetterTopic);

    /** From now on it takes it. */
    protected abstract void widen(String deadLetterTopic);

    @BeforeEach
    void createTopics() {
        backend.createTopic(topic, 1);
        backend.createTopic(deadLetters, 1);
        backend.provision(topic, topic);
    }

    @AfterEach
    void close() {
        client.shutdown(Duration.ofSeconds(5));
        widen(deadLetters);
        backend.close();
    }

    @Test
    void aDeadLetterThatTheBrokerIsTooNarrowForPausesItsLaneWithTheReasonUntilItFits() {
        send(LARGE, large());
        for (int i = 0; i < OTHERS; i++) {
            send("key-" + i, new byte[1]);
        }
        narrow(deadLetters);
        try (MessagingClient consuming = consuming(backend.fromTheBeginning())) {
            await("the other keys handled").atMost(PATIENCE).until(() -> handled.get() == OTHERS);
            await("the reason told")
                    .atMost(PATIENCE)
                    .until(() -> consuming.health().reasons().stream()
                            .anyMatch(reason -> reason.contains(deadLetters) && reason.contains("MESSAGE_TOO_LARGE")));
            await("the others acknowledged").atMost(PATIENCE).until(this::isItAlone);
            await("the source not acknowledged")
                    .during(INTERVALS)
                    .atMost(PATIENCE)
                    .until(this::isItAlone);
            assertThat(consuming.health().progress().status()).isEqualTo(HealthStatus.DEGRADED);
            assertThat(backend.isEmpty(deadLetters)).as("did not test: written").isTrue();

            widen(deadLetters);
            await("acknowledged when it fits").atMost(PATIENCE).until(() -> backend.isDrained(topic, topic));
        }
        assertThat(backend.messages(deadLetters)).singleElement().satisfies(letter -> {
            assertThat(letter.value()).hasSize(SIZE);
            assertThat(letter.headers().contains(DeadLetterHeaders.POINTER)).isFalse();
        });
    }

    private boolean isItAlone() {
        return backend.unfinished(topic, topic) == 1 + backend.heldBack(OTHERS);
    }

    @Test
    void aPointerIsWrittenInsteadWhenThatIsChosenAndTheSourceAcknowledged() {
        SendResult source = send(LARGE, large());
        narrow(deadLetters);
        try (MessagingClient consuming =
                consuming(backend.fromTheBeginning().oversizeDeadLetter(OversizeDeadLetter.POINTER))) {
            await("acknowledged").atMost(PATIENCE).until(() -> backend.isDrained(topic, topic));
            assertThat(consuming.health().reasons()).isEmpty();
        }
        assertThat(backend.messages(deadLetters)).singleElement().satisfies(pointer -> {
            assertThat(pointer.keyText()).isEqualTo(LARGE);
            assertThat(pointer.value()).isNull();
            assertThat(pointer.headers().text(DeadLetterHeaders.POINTER)).isEqualTo("1");
            assertThat(pointer.headers().text(DeadLetterHeaders.ORIGINAL_TOPIC)).isEqualTo(topic);
            assertThat(pointer.headers().text(DeadLetterHeaders.ORIGINAL_PARTITION))
                    .isEqualTo(Integer.toString(source.partition()));
            assertThat(pointer.headers().text(DeadLetterHeaders.ORIGINAL_OFFSET))
                    .isEqualTo(Long.toString(source.offset()));
            assertThat(pointer.headers().text(DeadLetterHeaders.CONSUMER_GROUP)).isEqualTo(topic);
            assertThat(pointer.headers().text(DeadLetterHeaders.ERROR_MESSAGE)).isEqualTo("no stock");
        });
    }

    private MessagingClient consuming(ConsumerOptionsBuilder options) {
        MessagingClient consuming =
                MessagingClients.builder().backend(backend.options()).build();
        options.deadLetterQueue(deadLetters).ordering(OrderingMode.KEY);
        consuming
                .consumer(topic, options.build())
                .subscribe(topic, this::handle)
                .awaitReady(PATIENCE);
        return consuming;
    }

    private void handle(ReceivedMessage message) {
        if (LARGE.equals(message.keyText())) {
            throw new IllegalStateException("no stock");
        }
        handled.incrementAndGet();
    }

    /** Does not get smaller when it is compressed. */
    private static byte[] large() {
        byte[] value = new byte[SIZE];
        new SplittableRandom(1).nextBytes(value);
        return value;
    }

    private SendResult send(String key, byte[] value) {
        return client.producer()
                .send(Message.builder(topic).keyText(key).value(value).build());
    }
}
