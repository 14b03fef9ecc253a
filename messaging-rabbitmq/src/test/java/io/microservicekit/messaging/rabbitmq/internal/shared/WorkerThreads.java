package io.microservicekit.messaging.rabbitmq.internal.shared;

import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.HandlerPool;
import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Real threads for drivers, and nothing else. */
public final class WorkerThreads implements ClientRuntime {
    /** So many threads cannot be started. */
    public final AtomicInteger withoutThread = new AtomicInteger();

    /** What happens while it is found out that one cannot be started. */
    Runnable beforeRefusal = () -> {};

    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    final List<Throwable> uncaught = new CopyOnWriteArrayList<>();

    long alive() {
        return threads.stream().filter(Thread::isAlive).count();
    }

    @Override
    public Thread ioThread(String name, Runnable loop) {
        if (withoutThread.getAndDecrement() > 0) {
            beforeRefusal.run();
            throw new InternalError("unable to create native thread");
        }
        Thread thread = new Thread(loop, name);
        thread.setUncaughtExceptionHandler((dead, error) -> uncaught.add(error));
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return thread;
    }

    @Override
    public <T> CompletableFuture<T> future() {
        return new CompletableFuture<>();
    }

    @Override
    public void awaitDrain(CompletableFuture<Void> future, Duration limit) {
        try {
            future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("it was woken without a reason", e);
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }

    @Override
    public ClientRuntime scope(String clientId) {
        return this;
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
        return new SplittableRandom(1);
    }

    @Override
    public Loop loop(String name) {
        throw new UnsupportedOperationException(name);
    }

    @Override
    public HandlerPool handlers(String name, int threads) {
        throw new UnsupportedOperationException(name);
    }

    @Override
    public <T> T await(CompletableFuture<T> future, Duration limit) {
        throw new UnsupportedOperationException("await");
    }

    @Override
    public void onIo(Runnable callback) {
        callback.run();
    }

    @Override
    public Place place() {
        return Place.OUTSIDE;
    }

    @Override
    public void note(String node, Supplier<String> event) {}
}
