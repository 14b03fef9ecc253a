package io.microservicekit.messaging.kafka.internal.shared;

import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A loop on a thread of its own. */
final class ThreadLoop implements Loop {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

    @Override
    public void execute(Runnable task) {
        thread.execute(task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Future<?> timer = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> timer.cancel(false);
    }

    @Override
    public Timer housekeeping(Duration delay, Runnable task) {
        return schedule(delay, task);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
