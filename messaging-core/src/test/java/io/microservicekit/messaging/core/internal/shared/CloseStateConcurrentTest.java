package io.microservicekit.messaging.core.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** What several threads say of a close at once: deadlines, the newest report, pending sends. */
class CloseStateConcurrentTest {
    private static final int THREADS = 4;
    private static final int TIMES = 20_000;
    private static final Duration NONE = Duration.ZERO;
    private static final Duration LONG = Duration.ofDays(1);

    private static void atOnce(IntConsumer work) throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            Thread thread = new Thread(() -> {
                try {
                    go.await();
                    work.accept(number);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            thread.start();
            threads.add(thread);
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void ofManyDeadlinesTheNearestHolds() throws InterruptedException {
        Deadline deadline = new Deadline();
        assertThat(deadline.left(0, NONE, LONG)).isEqualTo(LONG);
        atOnce(number -> {
            for (int i = TIMES; i > 0; i--) {
                deadline.atTheLatest(1_000L * i + number);
            }
        });
        assertThat(deadline.left(0, NONE, LONG)).isEqualTo(Duration.ofNanos(1_000));
        assertThat(deadline.left(900, NONE, LONG)).isEqualTo(Duration.ofNanos(100));
        assertThat(deadline.left(5_000, Duration.ofNanos(7), LONG)).isEqualTo(Duration.ofNanos(7));
    }

    @Test
    void whatHasBegunAndEndedOnManyThreadsIsNotPending() throws InterruptedException {
        PendingCount pending = new PendingCount();
        pending.begun();
        atOnce(number -> {
            for (int i = 0; i < TIMES; i++) {
                pending.begun();
                pending.ended();
            }
        });
        assertThat(pending.get()).isEqualTo(1);
    }

    @Test
    void theNewestValueIsOneThatWasSetAndIsSeenByAll() throws InterruptedException {
        Latest<Integer> latest = new Latest<>(-1);
        atOnce(number -> latest.set(number));
        assertThat(latest.get()).isBetween(0, THREADS - 1);
    }
}
