package io.microservicekit.messaging.core.internal.shared;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** Runs the same work on several threads that begin together. */
final class Together {
    static final int THREADS = 4;

    private Together() {}

    /** Each thread does the work with its number, from 0; returns when all have ended, throws what one threw. */
    static void run(IntConsumer work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    start.await(10, TimeUnit.SECONDS);
                    work.accept(number);
                    return number;
                }));
            }
            for (Future<?> thread : running) {
                thread.get(30, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
