package io.microservicekit.messaging.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.MessagingClients;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A message that is not finished is never acknowledged, whatever else is. */
public abstract class HeldMessageScenario {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Three intervals of commits, and some. */
    private static final Duration INTERVALS = Duration.ofMillis(3_500);

    private static final int MESSAGES = 300;
    private static final String HELD = "m-150";

    private final BackendUnderTest backend;
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
        backend.createTopic("held", 4);
        try (MessagingClient client =
                MessagingClients.builder().backend(backend.options()).build()) {
            holdsOne(client);
            await().atMost(PATIENCE).until(() -> backend.isDrained("held", "held"));
            assertThat(handled).hasValue(MESSAGES);
        }
    }

    /** Lets it go also when this fails: the client does not close before. */
    private void holdsOne(MessagingClient client) {
        try {
            client.consumer("held").subscribe("held", this::handle).awaitReady(PATIENCE);
            assertThat(client.producer().sendBatch(messages()).allDelivered()).isTrue();
            MessagePosition position = held.orTimeout(60, TimeUnit.SECONDS).join();
            await().atMost(PATIENCE).until(() -> othersAreFinished(position));
            await().during(INTERVALS).atMost(PATIENCE).until(() -> committed(position) <= position.offset());
            assertThat(committed(position))
                    .as("did not test: what is before it is committed")
                    .isEqualTo(position.offset());
        } finally {
            release.countDown();
        }
    }

    private static List<Message> messages() {
        return IntStream.range(0, MESSAGES)
                .mapToObj(i -> Message.builder("held")
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
        SortedMap<Integer, Long> lag = backend.lag("held", "held");
        lag.remove(held.partition());
        return committed(held) == held.offset() && lag.values().stream().allMatch(left -> left == 0);
    }

    private long committed(MessagePosition held) {
        return Objects.requireNonNullElse(backend.committed("held", "held").get(held.partition()), 0L);
    }
}
