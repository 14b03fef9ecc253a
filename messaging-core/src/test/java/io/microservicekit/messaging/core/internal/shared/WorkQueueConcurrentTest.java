package io.microservicekit.messaging.core.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loop that adds and collects, and the handler threads that it starts when it is told to. */
class WorkQueueConcurrentTest {
    private static final int PIECES = 100_000;
    private static final int MOST = 4;

    private final WorkQueue<Integer> queue = new WorkQueue<>(MOST);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Semaphore announced = new Semaphore(0);
    private final AtomicInteger working = new AtomicInteger();
    private final AtomicInteger mostWorking = new AtomicInteger();
    private final ConcurrentLinkedQueue<Integer> taken = new ConcurrentLinkedQueue<>();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private void add(int piece) {
        if (queue.add(piece)) {
            threads.execute(this::work);
        }
    }

    private void work() {
        for (Integer piece = queue.take(); piece != null; piece = queue.take()) {
            mostWorking.accumulateAndGet(working.incrementAndGet(), Math::max);
            taken.add(piece);
            working.decrementAndGet();
            if (queue.give(piece)) {
                announced.release();
            }
        }
    }

    @Test
    void eachPieceIsTakenOnceByNoMoreWorkersThanAllowedAndComesBack() throws InterruptedException {
        List<Integer> collected = new ArrayList<>();
        int added = 0;
        while (collected.size() < PIECES) {
            for (int burst = added % 7; burst >= 0 && added < PIECES; burst--) {
                add(added++);
            }
            boolean more = added == PIECES ? announced.tryAcquire(10, TimeUnit.SECONDS) : announced.tryAcquire();
            assertThat(more || added < PIECES)
                    .as("the loop is told of what is done")
                    .isTrue();
            collected.addAll(queue.collect());
        }

        assertThat(collected).hasSize(PIECES).doesNotHaveDuplicates();
        assertThat(taken).hasSize(PIECES).doesNotHaveDuplicates();
        assertThat(mostWorking.get()).isBetween(1, MOST);
    }

    @Test
    void aPieceThatComesWhileTheOnlyWorkerLeavesIsTakenAllTheSame() throws InterruptedException {
        WorkQueue<Runnable> runs = new WorkQueue<>(1);
        for (int i = 0; i < PIECES; i++) {
            if (runs.add(announced::release)) {
                threads.execute(() -> runAll(runs));
            }
            assertThat(announced.tryAcquire(10, TimeUnit.SECONDS))
                    .as("piece %s", i)
                    .isTrue();
        }
    }

    @Test
    void aSlowPieceKeepsNoOtherWaiting() throws InterruptedException {
        CountDownLatch slow = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(100);
        WorkQueue<Runnable> runs = new WorkQueue<>(2);
        for (int i = 0; i <= 100; i++) {
            Runnable run = i == 0 ? () -> awaitThat(slow) : others::countDown;
            if (runs.add(run)) {
                threads.execute(() -> runAll(runs));
            }
        }

        assertThat(others.await(10, TimeUnit.SECONDS)).isTrue();
        slow.countDown();
    }

    private static void runAll(WorkQueue<Runnable> runs) {
        for (Runnable run = runs.take(); run != null; run = runs.take()) {
            run.run();
        }
    }

    private static void awaitThat(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
