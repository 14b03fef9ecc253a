package io.microservicekit.messaging.kafka.internal.shared;

import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs its tasks when the test says so, one after the other, however long they were to wait. */
final class ManualLoop implements Loop {
    private final List<Runnable> tasks = new ArrayList<>();

    /** False when there was none. */
    boolean runOne() {
        Runnable task = null;
        synchronized (this) {
            if (!tasks.isEmpty()) {
                task = tasks.remove(0);
            }
        }
        if (task != null) {
            task.run();
        }
        return task != null;
    }

    @Override
    public synchronized void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        execute(task);
        return () -> {};
    }

    @Override
    public Timer housekeeping(Duration delay, Runnable task) {
        return schedule(delay, task);
    }

    @Override
    public void close() {}
}
