package io.microservicekit.messaging.core.internal.runtime;

import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import io.microservicekit.messaging.api.spi.HandlerPool;
import java.lang.System.Logger.Level;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Threads for user code, made when needed and kept for a while. */
final class PooledHandlers implements HandlerPool, OwnedThreads.Owned {
    /** What handlers share with their client. */
    record Context(ThreadLocal<Place> place, System.Logger logger, Consumer<OwnedThreads.Owned> onClose) {}

    private final ThreadPoolExecutor executor;
    private final Context context;

    PooledHandlers(int threads, ThreadFactory factory, Context context) {
        this.context = context;
        this.executor = new ThreadPoolExecutor(
                threads,
                threads,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                factory,
                new ThreadPoolExecutor.DiscardPolicy());
        executor.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(() -> {
            context.place().set(Place.HANDLER);
            try {
                task.run();
            } catch (Throwable thrown) {
                context.logger().log(Level.ERROR, "A handler thread of a messaging client failed", thrown);
            }
        });
    }

    @Override
    public void close() {
        end();
        context.onClose().accept(this);
    }

    @Override
    public void end() {
        executor.shutdownNow();
    }
}
