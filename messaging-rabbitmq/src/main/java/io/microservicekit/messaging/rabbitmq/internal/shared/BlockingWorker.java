package io.microservicekit.messaging.rabbitmq.internal.shared;

import io.microservicekit.messaging.api.spi.ClientRuntime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One thread that may block, for the calls of a driver: it runs its tasks one after the other, and ends when it is closed. */
public final class BlockingWorker implements Executor {
    private static final Duration LONG = Duration.ofDays(1);

    private final ClientRuntime runtime;
    private final String name;
    private final Object lock = new Object();

    // All below guarded by lock.
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private @Nullable CompletableFuture<Void> idle;
    private boolean started;
    private boolean closed;

    /** Its thread is started with the first task. */
    public BlockingWorker(ClientRuntime runtime, String name) {
        this.runtime = runtime;
        this.name = name;
    }

    /**
     * Runs a task after those given before; dropped when it is closed. Throws what kept its thread from being started, then the task does not run.
     */
    @Override
    public void execute(Runnable task) {
        CompletableFuture<Void> wake;
        synchronized (lock) {
            if (closed) {
                return;
            }
            if (!started) {
                // Under the lock: a task that came meanwhile would be left behind when there is no thread.
                runtime.ioThread(name, this::work);
                started = true;
            }
            tasks.add(task);
            wake = awake();
        }
        wake(wake);
    }

    /** Takes no more tasks; its thread ends after those it has. Idempotent. */
    public void close() {
        CompletableFuture<Void> wake;
        synchronized (lock) {
            closed = true;
            wake = awake();
        }
        wake(wake);
    }

    private @Nullable CompletableFuture<Void> awake() {
        CompletableFuture<Void> present = idle;
        idle = null;
        return present;
    }

    private static void wake(@Nullable CompletableFuture<Void> idle) {
        if (idle != null) {
            idle.complete(null);
        }
    }

    /** Until it is closed; or until its thread is interrupted, which the end of the client does. */
    private void work() {
        while (!Thread.currentThread().isInterrupted()) {
            Runnable task;
            CompletableFuture<Void> more = null;
            synchronized (lock) {
                task = tasks.poll();
                if (task == null && closed) {
                    return;
                }
                if (task == null) {
                    more = runtime.future();
                    idle = more;
                }
            }
            if (task != null) {
                run(task);
            } else if (more != null) {
                runtime.awaitDrain(more, LONG);
            }
        }
    }

    /** A task that throws has nobody to tell: those after it run all the same. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            Thread here = Thread.currentThread();
            here.getUncaughtExceptionHandler().uncaughtException(here, e);
        }
    }
}
