package io.microservicekit.messaging.core.internal.runtime;

import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import io.microservicekit.messaging.api.spi.HandlerPool;
import java.lang.System.Logger.Level;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for user code, made when needed and kept for a while. */
final class PooledHandlers implements HandlerPool {
    private final ThreadPoolExecutor executor;
    private final ThreadLocal<Place> place;
    private final System.Logger logger;

    PooledHandlers(int threads, ThreadFactory factory, ThreadLocal<Place> place, System.Logger logger) {
        this.place = place;
        this.logger = logger;
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
            place.set(Place.HANDLER);
            try {
                task.run();
            } catch (Throwable thrown) {
                logger.log(Level.ERROR, "A handler thread of a messaging client failed", thrown);
            }
        });
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
