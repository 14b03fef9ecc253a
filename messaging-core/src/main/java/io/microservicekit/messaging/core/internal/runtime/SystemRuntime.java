package io.microservicekit.messaging.core.internal.runtime;

import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.HandlerPool;
import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The default runtime: the system's clock, real threads that all belong to a client and end with it. */
public final class SystemRuntime implements ClientRuntime {
    /** What {@link #close()} waits for the threads to end. */
    public static final Duration JOIN = Duration.ofMillis(150);

    private final @Nullable ThreadFactory handlerThreads;
    private final System.Logger logger;
    private final ThreadLocal<Place> place;
    private final OwnedThreads owned;

    /**
     * A runtime without threads yet.
     *
     * @param handlerThreads makes the threads for user code, null for platform threads
     * @param logger where tasks that throw are reported
     */
    public SystemRuntime(@Nullable ThreadFactory handlerThreads, System.Logger logger) {
        this(handlerThreads, logger, ThreadLocal.withInitial(() -> Place.OUTSIDE), "messaging");
    }

    private SystemRuntime(
            @Nullable ThreadFactory handlerThreads, System.Logger logger, ThreadLocal<Place> place, String clientId) {
        this.handlerThreads = handlerThreads;
        this.logger = logger;
        this.place = place;
        this.owned = new OwnedThreads(clientId, place);
    }

    @Override
    public ClientRuntime scope(String clientId) {
        return new SystemRuntime(handlerThreads, logger, place, clientId);
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public SplittableRandom random(String purpose) {
        return new SplittableRandom();
    }

    @Override
    public <T> CompletableFuture<T> future() {
        return new CompletableFuture<>();
    }

    @Override
    public Loop loop(String name) {
        return owned.add(new ThreadLoop(owned.factory(name, Place.LOOP), logger, owned::forget));
    }

    @Override
    public HandlerPool handlers(String name, int threads) {
        PooledHandlers.Context context = new PooledHandlers.Context(place, logger, owned::forget);
        return owned.add(new PooledHandlers(threads, owned.handlerFactory(name, handlerThreads), context));
    }

    @Override
    public Thread ioThread(String name, Runnable loop) {
        return owned.start(owned.factory(name, Place.IO).newThread(loop));
    }

    @Override
    public void onIo(Runnable callback) {
        Place before = place.get();
        place.set(Place.IO);
        try {
            callback.run();
        } finally {
            place.set(before);
        }
    }

    @Override
    public <T> T await(CompletableFuture<T> future, Duration limit)
            throws InterruptedException, ExecutionException, TimeoutException {
        Place here = place();
        if (here == Place.LOOP || here == Place.IO) {
            throw new IllegalStateException(
                    "Waiting on thread " + Thread.currentThread().getName()
                            + " is not allowed: it is a messaging client's " + here
                            + " thread and would wait for itself. Use the asynchronous call, or another executor.");
        }
        return future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void awaitDrain(CompletableFuture<Void> future, Duration limit) {
        try {
            future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            logger.log(System.Logger.Level.DEBUG, "an adapter went on without the answer that it waited for", e);
        }
    }

    @Override
    public Place place() {
        return place.get();
    }

    @Override
    public void note(String node, Supplier<String> event) {}

    @Override
    public void close() {
        owned.close();
    }
}
