package io.microservicekit.messaging.testkit;

import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.HandlerPool;
import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Real threads, one per loop: only what the broker needs. What a loop's task throws is kept for the test. */
final class ThreadedRuntime implements ClientRuntime {
    final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final List<Loop> loops = new CopyOnWriteArrayList<>();

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
        return new SplittableRandom(purpose.hashCode());
    }

    @Override
    public <T> CompletableFuture<T> future() {
        return new CompletableFuture<>();
    }

    @Override
    public Loop loop(String name) {
        Loop loop = new ThreadLoop(name);
        loops.add(loop);
        return loop;
    }

    @Override
    public HandlerPool handlers(String name, int threads) {
        throw new UnsupportedOperationException(name);
    }

    @Override
    public Thread ioThread(String name, Runnable loop) {
        throw new UnsupportedOperationException(name);
    }

    @Override
    public void onIo(Runnable callback) {
        callback.run();
    }

    @Override
    public <T> T await(CompletableFuture<T> future, Duration limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void awaitDrain(CompletableFuture<Void> future, Duration limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Place place() {
        return Place.OUTSIDE;
    }

    @Override
    public void note(String node, Supplier<String> event) {}

    @Override
    public void close() {
        loops.forEach(Loop::close);
    }

    private final class ThreadLoop implements Loop {
        private final ScheduledThreadPoolExecutor executor;

        ThreadLoop(String name) {
            executor = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, name));
            executor.setRejectedExecutionHandler((task, closed) -> {});
        }

        @Override
        public void execute(Runnable task) {
            executor.execute(guarded(task));
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            Future<?> scheduled = executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        }

        @Override
        public Timer housekeeping(Duration delay, Runnable task) {
            return schedule(delay, task);
        }

        @Override
        public void close() {
            executor.shutdownNow();
        }

        private Runnable guarded(Runnable task) {
            return () -> {
                try {
                    task.run();
                } catch (Throwable e) {
                    failures.add(e);
                }
            };
        }
    }
}
