package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.HandlerPool;
import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One thread, the test's: time passes, and loops and threads run, when the test says so. */
final class ManualRuntime implements ClientRuntime {
    private final List<Task> tasks = new ArrayList<>();
    /** As System.nanoTime may: negative, and for long. */
    private long now = -Duration.ofDays(1).toNanos();

    private boolean threadsHeld;
    private boolean threadsEnded;
    private boolean threadsAtOnce;
    private int threadsWithoutMemory;
    private int timersWithoutMemory;
    private int continuationsWithoutMemory;
    private @Nullable Error threadError;
    private Runnable whenDrained = () -> {};

    private record Task(long atNanos, @Nullable ManualLoop loop, Runnable work) {}

    void advance(Duration time) {
        now += time.toNanos();
    }

    /** What happens when a wait for the engine has reached its limit. */
    void whenDrained(Runnable action) {
        whenDrained = action;
    }

    /** Threads that are started from now on never get anywhere. */
    void holdThreads() {
        threadsHeld = true;
    }

    /** A thread that is started from now on comes to its end before the one that starts it goes on. */
    void runThreadsAtOnce() {
        threadsAtOnce = true;
    }

    /** There is no memory for the next threads. */
    void lackMemoryForThreads(int number) {
        threadsWithoutMemory = number;
    }

    /** There is no memory for the next timers of any loop. */
    void lackMemoryForTimers(int number) {
        timersWithoutMemory = number;
    }

    /** Whether each timer and each continuation for which there is none was asked for. */
    boolean hasLackedAllMemory() {
        return timersWithoutMemory == 0 && continuationsWithoutMemory == 0;
    }

    /** The next thread cannot be started. */
    void failNextThread(Error error) {
        threadError = error;
    }

    /** No thread and no loop can be started from now on, as when the end of a client was forced. */
    void endThreads() {
        threadsEnded = true;
    }

    /** Runs what is due, and what that brings about. */
    void runAll() {
        for (Task next = due(); next != null; next = due()) {
            tasks.remove(next);
            next.work().run();
        }
    }

    private Task due() {
        return tasks.stream()
                .filter(task -> task.atNanos() <= now && (task.loop() == null || !task.loop().busy))
                .findFirst()
                .orElse(null);
    }

    @Override
    public Thread ioThread(String name, Runnable work) {
        refuseAfterTheEnd();
        Error error = threadError;
        threadError = null;
        if (error != null) {
            throw error;
        }
        if (threadsWithoutMemory-- > 0) {
            throw new OutOfMemoryError("planted: unable to create native thread");
        }
        if (threadsAtOnce) {
            work.run();
        } else if (!threadsHeld) {
            tasks.add(new Task(now, null, work));
        }
        return Thread.currentThread();
    }

    private void refuseAfterTheEnd() {
        if (threadsEnded) {
            throw new ClosedException(ErrorCode.CLIENT_CLOSED, "the client is closed");
        }
    }

    @Override
    public Loop loop(String name) {
        refuseAfterTheEnd();
        return new ManualLoop();
    }

    @Override
    public ClientRuntime scope(String clientId) {
        return this;
    }

    @Override
    public InstantSource clock() {
        return InstantSource.fixed(Instant.EPOCH);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public SplittableRandom random(String purpose) {
        return new SplittableRandom(1);
    }

    /** There is no memory for the next continuations of futures. */
    void lackMemoryForContinuations(int number) {
        continuationsWithoutMemory = number;
    }

    @Override
    public <T> CompletableFuture<T> future() {
        return new CompletableFuture<>() {
            @Override
            public CompletableFuture<T> whenComplete(BiConsumer<? super T, ? super Throwable> continuation) {
                if (continuationsWithoutMemory > 0) {
                    continuationsWithoutMemory--;
                    throw new OutOfMemoryError("planted");
                }
                return super.whenComplete(continuation);
            }
        };
    }

    @Override
    public HandlerPool handlers(String name, int threads) {
        throw new UnsupportedOperationException("an adapter runs no handlers");
    }

    @Override
    public void onIo(Runnable callback) {
        callback.run();
    }

    @Override
    public <T> T await(CompletableFuture<T> future, Duration limit) {
        throw new UnsupportedOperationException("an adapter does not wait");
    }

    @Override
    public void awaitDrain(CompletableFuture<Void> future, Duration limit) {
        if (!future.isDone()) {
            advance(limit);
            whenDrained.run();
        }
    }

    @Override
    public Place place() {
        return Place.OUTSIDE;
    }

    @Override
    public void note(String node, Supplier<String> event) {}

    @Override
    public void close() {}

    private final class ManualLoop implements Loop {
        private boolean closed;
        /** It runs one task at a time, also when that one has the runtime run others. */
        private boolean busy;

        @Override
        public void execute(Runnable task) {
            add(Duration.ZERO, task);
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            if (timersWithoutMemory > 0) {
                timersWithoutMemory--;
                throw new OutOfMemoryError("planted: Java heap space");
            }
            Task added = add(delay, task);
            return () -> tasks.remove(added);
        }

        @Override
        public Timer housekeeping(Duration delay, Runnable task) {
            return schedule(delay, task);
        }

        private Task add(Duration delay, Runnable task) {
            Task added = new Task(now + delay.toNanos(), this, () -> run(task));
            tasks.add(added);
            return added;
        }

        private void run(Runnable task) {
            if (closed) {
                return;
            }
            busy = true;
            try {
                task.run();
            } finally {
                busy = false;
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
