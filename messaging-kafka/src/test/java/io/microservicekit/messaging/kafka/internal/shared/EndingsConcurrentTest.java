package io.microservicekit.messaging.kafka.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class EndingsConcurrentTest {
    private static final int OUTCOMES = 100_000;
    private static final int TELLERS = 4;

    private final Endings endings = new Endings();

    @Test
    void eachOutcomeIsToldOnceHoweverManyTell() throws InterruptedException {
        AtomicIntegerArray told = new AtomicIntegerArray(OUTCOMES);
        for (int i = 0; i < OUTCOMES / 2; i++) {
            add(told, i);
        }
        List<Thread> tellers = new ArrayList<>();
        for (int i = 0; i < TELLERS; i++) {
            tellers.add(new Thread(endings::tellAll));
        }
        tellers.forEach(Thread::start);
        for (int i = OUTCOMES / 2; i < OUTCOMES; i++) {
            add(told, i);
        }
        for (Thread teller : tellers) {
            teller.join();
        }
        endings.tellAll();

        assertThat(endings.isEmpty()).isTrue();
        for (int i = 0; i < OUTCOMES; i++) {
            assertThat(told.get(i)).isEqualTo(1);
        }
    }

    private void add(AtomicIntegerArray told, int number) {
        endings.add(() -> told.incrementAndGet(number));
    }

    @Test
    void oneThatHangsKeepsNoOtherFromBeingTold() throws InterruptedException {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        endings.add(() -> {
            hanging.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        endings.add(told::countDown);
        Thread first = new Thread(endings::tellAll);
        first.start();
        assertThat(hanging.await(20, TimeUnit.SECONDS)).isTrue();

        endings.tellAll();

        assertThat(told.getCount()).isZero();
        release.countDown();
        first.join();
    }
}
