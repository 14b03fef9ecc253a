package io.microservicekit.messaging.kafka.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LostTaskConcurrentTest {
    @Test
    void oneOfManyMakesUpForIt() throws Exception {
        for (int round = 0; round < 200; round++) {
            LostTask task = new LostTask();
            assertThat(task.isToBeMadeUpFor()).isFalse();
            task.loses();
            AtomicInteger made = new AtomicInteger();
            CountDownLatch start = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            for (int number = 0; number < 3; number++) {
                threads.add(new Thread(() -> {
                    awaitUninterrupted(start);
                    made.addAndGet(task.isToBeMadeUpFor() ? 1 : 0);
                }));
            }
            threads.forEach(Thread::start);
            start.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(made).hasValue(1);
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
