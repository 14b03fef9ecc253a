package io.microservicekit.messaging.rabbitmq.internal.driver;

import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;

/** On the thread that gives it a task. */
final class DirectLoop implements Loop {
    @Override
    public synchronized void execute(Runnable task) {
        task.run();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return () -> {};
    }

    @Override
    public Timer housekeeping(Duration delay, Runnable task) {
        return () -> {};
    }

    @Override
    public void close() {}
}
