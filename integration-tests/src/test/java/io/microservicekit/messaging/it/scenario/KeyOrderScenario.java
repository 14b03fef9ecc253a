package io.microservicekit.messaging.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.MessagingClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each key is handled in its order, one message at a time, and one that fails for ever keeps back no other key. */
public abstract class KeyOrderScenario {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Three intervals of commits, and some. */
    private static final Duration INTERVALS = Duration.ofMillis(3_500);

    private static final int HANDLERS = 16;
    private static final int KEYS = 40;
    private static final int MESSAGES = 2_000;
    private static final int POISON = 207;
    private static final int BEHIND_POISON = (MESSAGES - 1 - POISON) / KEYS;

    private final BackendUnderTest backend;
    private final String topic = "keys-" + UUID.randomUUID().toString().substring(0, 8);
    private final AtomicBoolean mended = new AtomicBoolean();
    private final CompletableFuture<MessagePosition> parked = new CompletableFuture<>();
    private final ConcurrentHashMap<String, ConcurrentLinkedQueue<Integer>> handled = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Integer> running = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> overlaps = new ConcurrentLinkedQueue<>();
    /** The first handlers wait for each other: keys of few partitions are really handled side by side. */
    private final CountDownLatch meeting = new CountDownLatch(HANDLERS);

    private final AtomicInteger mostAtOnce = new AtomicInteger();

    protected KeyOrderScenario(BackendUnderTest backend) {
        this.backend = backend;
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void keysKeepTheirOrderAndHealthyOnesFlowWhileOneIsParked() {
        backend.createTopic(topic, 2);
        ConsumerOptions options = ConsumerOptions.builder()
                .ordering(OrderingMode.KEY)
                .concurrency(HANDLERS)
                .build();
        try (MessagingClient client =
                MessagingClients.builder().backend(backend.options()).build()) {
            client.consumer(topic, options).subscribe(topic, this::handle).awaitReady(PATIENCE);
            assertThat(client.producer().sendBatch(messages()).allDelivered()).isTrue();
            healthyKeysFlow(parked.orTimeout(60, TimeUnit.SECONDS).join());
            mended.set(true);
            await().atMost(PATIENCE).until(() -> backend.isDrained(topic, topic));
        }
        eachKeyWasHandledOnceAndInOrder();
    }

    private void healthyKeysFlow(MessagePosition poison) {
        await().atMost(PATIENCE).until(() -> total() == MESSAGES - 1 - BEHIND_POISON);
        if (backend.hasPositions()) {
            staysBelow(poison);
        } else {
            keepsItsKey();
        }
        assertThat(mostAtOnce.get()).as("did not test: handlers side by side").isEqualTo(HANDLERS);
    }

    private void staysBelow(MessagePosition poison) {
        await("what is before it is committed").atMost(PATIENCE).until(() -> committed(poison) >= poison.offset());
        await("and nothing from it on")
                .during(INTERVALS)
                .atMost(PATIENCE)
                .failFast(() -> committed(poison) != poison.offset())
                .until(() -> committed(poison) == poison.offset());
    }

    /** A queue keeps the poison and what is behind it of its key, and nothing else. */
    private void keepsItsKey() {
        long kept = 1 + BEHIND_POISON;
        await().atMost(PATIENCE).until(() -> backend.unfinished(topic, topic) == kept);
        await().during(INTERVALS).atMost(PATIENCE).until(() -> backend.unfinished(topic, topic) == kept);
    }

    private void eachKeyWasHandledOnceAndInOrder() {
        assertThat(overlaps).as("handlers of one key at once").isEmpty();
        for (int key = 0; key < KEYS; key++) {
            List<Integer> sent = new ArrayList<>();
            for (int number = key; number < MESSAGES; number += KEYS) {
                sent.add(number);
            }
            assertThat(handled.get("k-" + key)).as("key %s", key).containsExactlyElementsOf(sent);
        }
    }

    private List<Message> messages() {
        return IntStream.range(0, MESSAGES)
                .mapToObj(i -> Message.builder(topic)
                        .keyText("k-" + i % KEYS)
                        .valueText(Integer.toString(i))
                        .build())
                .toList();
    }

    private int total() {
        return handled.values().stream().mapToInt(ConcurrentLinkedQueue::size).sum();
    }

    private long committed(MessagePosition position) {
        Map<Integer, Long> committed = backend.committed(topic, topic);
        return Objects.requireNonNullElse(committed.get(position.partition()), 0L);
    }

    private void handle(ReceivedMessage message) throws InterruptedException {
        String key = Objects.requireNonNull(message.keyText());
        int number = Integer.parseInt(Objects.requireNonNull(message.valueText()));
        Integer other = running.putIfAbsent(key, number);
        if (other != null) {
            overlaps.add(other + " and " + number);
        }
        mostAtOnce.accumulateAndGet(running.size(), Math::max);
        try {
            work(message, number);
            handled.computeIfAbsent(key, unused -> new ConcurrentLinkedQueue<>())
                    .add(number);
        } finally {
            running.remove(key);
        }
    }

    private void work(ReceivedMessage message, int number) throws InterruptedException {
        meeting.countDown();
        assertThat(meeting.await(10, TimeUnit.SECONDS)).as("handlers meet").isTrue();
        if (number == POISON && !mended.get()) {
            parked.complete(message.position());
            throw new IllegalStateException("no stock");
        }
    }
}
