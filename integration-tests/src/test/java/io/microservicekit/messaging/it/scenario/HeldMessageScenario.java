package io.microservicekit.messaging.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.MessagingClients;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A message that is not finished is never acknowledged, whatever else is. */
public abstract class HeldMessageScenario {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Three intervals of commits, and some. */
    private static final Duration INTERVALS = Duration.ofMillis(3_500);

    private static final int MESSAGES = 300;
    private static final int BEFORE_IT = 150;
    private static final String HELD = "m-" + BEFORE_IT;

    private final BackendUnderTest backend;
    private final String topic = "held-" + UUID.randomUUID().toString().substring(0, 8);
    private final CountDownLatch release = new CountDownLatch(1);
    private final CompletableFuture<MessagePosition> held = new CompletableFuture<>();
    private final AtomicInteger handled = new AtomicInteger();

    protected HeldMessageScenario(BackendUnderTest backend) {
        this.backend = backend;
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void whatIsCommittedStaysBelowAHeldMessageWhileAllOtherPartitionsFinish() {
        backend.createTopic(topic, 4);
        try (MessagingClient client =
                MessagingClients.builder().backend(backend.options()).build()) {
            Consumer<MessagePosition> inOneLane =
                    position -> await().atMost(PATIENCE).until(() -> othersAreFinished(position));
            holdsOne(
                    client.consumer(topic),
                    client.producer(),
                    backend.hasPositions() ? inOneLane.andThen(this::staysBelow) : this::keepsAllFromItOn);
            isFinished();
        }
    }

    @Test
    void whatIsCommittedStaysBelowAHeldMessageWhileAllLaterOnesOfItsPartitionFinish() {
        backend.createTopic(topic, 1);
        ConsumerOptions sideBySide = ConsumerOptions.builder()
                .ordering(OrderingMode.UNORDERED)
                .concurrency(4)
                .build();
        try (MessagingClient client =
                MessagingClients.builder().backend(backend.options()).build()) {
            Consumer<MessagePosition> laterOnesFinish =
                    position -> await().atMost(PATIENCE).until(() -> handled.get() == MESSAGES - 1);
            holdsOne(
                    client.consumer(topic, sideBySide),
                    client.producer(),
                    laterOnesFinish.andThen(backend.hasPositions() ? this::staysBelow : position -> keeps(1)));
            isFinished();
        }
    }

    private void isFinished() {
        await().atMost(PATIENCE).until(() -> backend.isDrained(topic, topic));
        assertThat(handled).hasValue(MESSAGES);
    }

    /** Lets it go also when this fails: the client does not close before. */
    private void holdsOne(MessageConsumer consumer, MessageProducer producer, Consumer<MessagePosition> meanwhile) {
        try {
            consumer.subscribe(topic, this::handle).awaitReady(PATIENCE);
            assertThat(producer.sendBatch(messages()).allDelivered()).isTrue();
            meanwhile.accept(held.orTimeout(60, TimeUnit.SECONDS).join());
        } finally {
            release.countDown();
        }
    }

    private void staysBelow(MessagePosition position) {
        await("what is before it is committed").atMost(PATIENCE).until(() -> committed(position) >= position.offset());
        await("and nothing from it on")
                .during(INTERVALS)
                .atMost(PATIENCE)
                .failFast(() -> committed(position) != position.offset())
                .until(() -> committed(position) == position.offset());
    }

    /** A queue is one lane: it and all behind it stay there. */
    private void keepsAllFromItOn(MessagePosition held) {
        keeps(MESSAGES - BEFORE_IT);
        assertThat(handled).hasValue(BEFORE_IT);
    }

    private void keeps(int kept) {
        await().atMost(PATIENCE).until(() -> backend.unfinished(topic, topic) == kept);
        await().during(INTERVALS).atMost(PATIENCE).until(() -> backend.unfinished(topic, topic) == kept);
    }

    private List<Message> messages() {
        return IntStream.range(0, MESSAGES)
                .mapToObj(i -> Message.builder(topic)
                        .keyText("k-" + i % 40)
                        .valueText("m-" + i)
                        .build())
                .toList();
    }

    private void handle(ReceivedMessage message) throws InterruptedException {
        if (HELD.equals(message.valueText())) {
            held.complete(message.position());
            release.await();
        }
        handled.incrementAndGet();
    }

    private boolean othersAreFinished(MessagePosition held) {
        SortedMap<Integer, Long> lag = backend.lag(topic, topic);
        lag.remove(held.partition());
        return committed(held) == held.offset() && lag.values().stream().allMatch(left -> left == 0);
    }

    private long committed(MessagePosition held) {
        return Objects.requireNonNullElse(backend.committed(topic, topic).get(held.partition()), 0L);
    }
}
