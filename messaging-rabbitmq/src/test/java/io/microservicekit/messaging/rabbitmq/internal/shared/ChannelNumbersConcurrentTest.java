package io.microservicekit.messaging.rabbitmq.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class ChannelNumbersConcurrentTest {
    private static final int THREADS = 4;
    private static final int MOST = 2_000;

    @Test
    void theyAreGivenInTurn() {
        ChannelNumbers numbers = new ChannelNumbers();
        List<Integer> given = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            given.add(numbers.next(3));
        }
        assertThat(given).containsExactly(1, 2, 3, 1, 2, 3, 1);
    }

    @Test
    void noneIsGivenTwiceBeforeAllTheOthers() throws InterruptedException {
        ChannelNumbers numbers = new ChannelNumbers();
        Queue<Integer> given = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            threads.add(new Thread(() -> {
                for (int j = 0; j < MOST / THREADS; j++) {
                    given.add(numbers.next(MOST));
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(given).hasSize(MOST).doesNotHaveDuplicates();
    }
}
