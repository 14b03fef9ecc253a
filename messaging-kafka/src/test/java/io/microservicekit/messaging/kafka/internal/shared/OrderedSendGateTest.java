package io.microservicekit.messaging.kafka.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OrderedSendGateTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int THREADS = 4;
    private static final int PER_THREAD = 250_000;
    private static final int WINDOW = 3_000;
    private static final int KEYS = 8;
    private static final int TOPICS = 3;

    private final ThreadLoop loop = new ThreadLoop();
    private final Map<Integer, List<CompletableFuture<SendResult>>> sent = new LinkedHashMap<>();

    @AfterEach
    void close() {
        loop.close();
    }

    /** A driver that answers "would block" at random, in stretches; what it takes it confirms at once. */
    private static final class RandomDriver implements SendDriver {
        private final SplittableRandom random;
        private final Map<String, Integer> refusing = new LinkedHashMap<>();
        private final Map<Integer, Long> lastOfKey = new LinkedHashMap<>();
        private final AtomicIntegerArray taken = new AtomicIntegerArray(THREADS * PER_THREAD);
        private final List<String> disorder = new ArrayList<>();
        private int refusals;

        RandomDriver(long seed) {
            random = new SplittableRandom(seed);
        }

        @Override
        public synchronized boolean trySend(PendingSend send) {
            int left = refusing.getOrDefault(send.topic(), 0);
            if (left == 0 && random.nextInt(300) == 0) {
                left = 1 + random.nextInt(3);
            }
            refusing.put(send.topic(), Math.max(0, left - 1));
            if (left > 0) {
                refusals++;
                return false;
            }
            take(send);
            return true;
        }

        private void take(PendingSend send) {
            int key = ByteBuffer.wrap(send.message().key()).getInt();
            long number = ByteBuffer.wrap(send.message().value()).getLong();
            Long last = lastOfKey.put(key, number);
            if (last != null && last >= number) {
                disorder.add("key " + key + ": " + number + " after " + last);
            }
            taken.incrementAndGet((int) number);
            send.delivered(new SendResult(send.topic(), 0, number, 0, true, true));
        }
    }

    @Test
    void aMillionSendsByFourThreadsKeepTheOrderOfEachKeyAndEndExactlyOnce() throws Exception {
        long seed = Long.getLong("seed", 20_261_123L);
        System.out.println("OrderedSendGateTest seed " + seed);
        RandomDriver driver = new RandomDriver(seed);
        OrderedSendGate gate = gate(driver);
        CountDownLatch done = new CountDownLatch(THREADS);
        for (int thread = 0; thread < THREADS; thread++) {
            int number = thread;
            new Thread(() -> {
                        sendAll(gate, number);
                        done.countDown();
                    })
                    .start();
        }
        done.await();
        int ends = taken(driver);
        System.out.println(ends + " taken, " + driver.refusals + " times would block");
        assertThat(driver.disorder).isEmpty();
        assertThat(ends).isEqualTo(THREADS * PER_THREAD);
        assertThat(driver.refusals).as("the driver would have blocked").isGreaterThan(2_000);
    }

    private void sendAll(OrderedSendGate gate, int thread) {
        List<CompletableFuture<SendResult>> own = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(thread);
        for (int i = 0; i < PER_THREAD; i++) {
            int key = thread * KEYS + random.nextInt(KEYS);
            PendingSend send = pending("topic-" + key % TOPICS, key, (long) thread * PER_THREAD + i, LONG);
            own.add(send.future());
            gate.send(send);
            keepPace(own, i);
        }
        synchronized (sent) {
            sent.put(thread, own);
        }
    }

    /** A sender that waits for its confirmations: as the bound of a producer makes it. */
    private static void keepPace(List<CompletableFuture<SendResult>> own, int sent) {
        if (sent >= WINDOW) {
            own.get(sent - WINDOW).exceptionally(error -> null).join();
        }
    }

    /** How many were taken; fails when one was not, or not once. */
    private int taken(RandomDriver driver) {
        int[] taken = {0};
        sent.forEach((thread, own) -> {
            for (int i = 0; i < PER_THREAD; i++) {
                CompletableFuture<SendResult> future = own.get(i);
                if (!future.isDone()) {
                    await().atMost(Duration.ofMinutes(1)).until(future::isDone);
                }
                int times = driver.taken.get(thread * PER_THREAD + i);
                if (future.isCompletedExceptionally() || times != 1) {
                    throw new AssertionError(
                            "send " + i + " of thread " + thread + ": " + future + ", taken " + times + " times");
                }
                taken[0]++;
            }
        });
        return taken[0];
    }

    @Test
    void aMessageThatIsNotTakenBeforeItsTimeoutEndsNotDelivered() {
        OrderedSendGate gate = gate(send -> false);
        PendingSend patient = pending("topic", 1, 1, LONG);
        PendingSend hasty = pending("topic", 1, 2, Duration.ofMillis(50));
        gate.send(patient);
        gate.send(hasty);
        await().atMost(Duration.ofSeconds(20)).until(() -> hasty.future().isDone());
        assertRefused(hasty, Refusal.EXPIRED);
        assertThat(patient.future()).isNotDone();
    }

    @Test
    void aBlockedTopicDoesNotHoldAnotherBack() {
        OrderedSendGate gate = gate(send -> {
            boolean free = send.topic().equals("free");
            if (free) {
                send.delivered(new SendResult("free", 0, 0, 0, true, true));
            }
            return free;
        });
        gate.send(pending("blocked", 1, 1, LONG));
        PendingSend free = pending("free", 1, 1, LONG);
        gate.send(free);
        assertThat(free.future()).isCompleted();
    }

    @Test
    void closingDrainsWhatTheDriverTakesInTimeAndEndsTheRestNotDelivered() {
        AtomicBoolean open = new AtomicBoolean();
        OrderedSendGate gate = gate(send -> {
            boolean takes = open.get() && send.topic().equals("good");
            if (takes) {
                send.delivered(new SendResult("good", 0, 0, 0, true, true));
            }
            return takes;
        });
        PendingSend good = pending("good", 1, 1, LONG);
        PendingSend bad = pending("bad", 1, 1, LONG);
        gate.send(good);
        gate.send(bad);
        CompletableFuture<Void> closed = new CompletableFuture<>();
        gate.close(Duration.ofMillis(300), () -> closed.complete(null));
        open.set(true);
        await().atMost(Duration.ofSeconds(20)).until(closed::isDone);
        assertThat(good.future()).isCompleted();
        assertRefused(bad, Refusal.CUT_OFF);
        PendingSend late = pending("bad", 1, 1, LONG);
        gate.send(late);
        assertRefused(late, Refusal.CLOSED);
    }

    static PendingSend pending(String topic, int key, long number, Duration timeout) {
        Message message = Message.builder(topic)
                .key(ByteBuffer.allocate(4).putInt(key).array())
                .value(ByteBuffer.allocate(8).putLong(number).array())
                .build();
        return new PendingSend(message, 0, timeout, System.nanoTime() + timeout.toNanos(), new CompletableFuture<>());
    }

    private OrderedSendGate gate(SendDriver driver) {
        return new OrderedSendGate(driver, OrderedSendGateTest::refusal, loop, System::nanoTime);
    }

    static MessagingException refusal(String topic, Refusal reason) {
        return new SendException(ErrorCode.SEND_MESSAGE, SendOutcome.NOT_DELIVERED, topic + " " + reason, null);
    }

    private static void assertRefused(PendingSend send, Refusal reason) {
        assertThat(send.wasRefused()).isTrue();
        assertThat(send.future())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .withMessage(send.topic() + " " + reason);
    }
}
