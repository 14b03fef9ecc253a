package io.microservicekit.messaging.kafka.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class CallingThreadConcurrentTest {
    @Test
    void itHasEndedOnceTheThreadHasThatCalledFirst() throws Exception {
        CallingThread calling = new CallingThread();
        assertThat(calling.hasEnded()).isFalse();
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            calling.isThis();
            called.countDown();
            awaitUninterrupted(end);
        });
        thread.start();
        called.await();
        calling.isThis();
        assertThat(calling.hasEnded()).isFalse();
        end.countDown();
        thread.join();
        assertThat(calling.hasEnded()).isTrue();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
