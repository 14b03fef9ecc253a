package io.microservicekit.messaging.core.internal.runtime;

import io.microservicekit.messaging.api.spi.Loop;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A loop on one thread of its own. */
final class ThreadLoop implements Loop, OwnedThreads.Owned {
    private final ScheduledThreadPoolExecutor executor;
    private final System.Logger logger;
    private final Consumer<OwnedThreads.Owned> onClose;

    ThreadLoop(ThreadFactory factory, System.Logger logger, Consumer<OwnedThreads.Owned> onClose) {
        this.logger = logger;
        this.onClose = onClose;
        this.executor = new ScheduledThreadPoolExecutor(1, factory, new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(guarded(task));
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> timer = executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> timer.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    @Override
    public Timer housekeeping(Duration delay, Runnable task) {
        return schedule(delay, task);
    }

    @Override
    public void close() {
        end();
        onClose.accept(this);
    }

    @Override
    public void end() {
        executor.shutdownNow();
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable thrown) {
                logger.log(Level.ERROR, "A task of a messaging client failed", thrown);
            }
        };
    }
}
