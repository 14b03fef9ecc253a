package io.microservicekit.messaging.testkit;

import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The one way to wait: a handler gives its baton away, a thread of the test drives the world, a loop may not. */
final class Waits {
    private static final Duration UNLIMITED = ChronoUnit.FOREVER.getDuration();

    private final World world;
    private final Driver driver;

    Waits(World world, Driver driver) {
        this.world = world;
        this.driver = driver;
    }

    static Duration duration(long amount, TimeUnit unit) {
        return Duration.ofNanos(unit.toNanos(amount));
    }

    <T> T await(CompletableFuture<T> future, Duration limit)
            throws InterruptedException, ExecutionException, TimeoutException {
        refuseOnLoop();
        forDone(future, limit);
        try {
            return future.get();
        } catch (CancellationException e) {
            throw new ExecutionException(e);
        }
    }

    void forDone(CompletableFuture<?> future) throws InterruptedException {
        try {
            forDone(future, UNLIMITED);
        } catch (TimeoutException e) {
            throw new IllegalStateException("Simulated time has come to its end", e);
        }
    }

    void forDone(CompletableFuture<?> future, Duration limit) throws InterruptedException, TimeoutException {
        if (future.isDone()) {
            return;
        }
        refuseOnLoop();
        if (Thread.currentThread() instanceof HandlerThread thread && thread.isOf(world) && thread.task() != null) {
            thread.task().await(future, limit);
        } else {
            driver.await(future, limit);
        }
    }

    /** As {@link CompletableFuture#join} waits: an interrupt is kept for later, but the end of the runtime ends the wait. */
    void forDoneUninterrupted(CompletableFuture<?> future) {
        boolean interrupted = false;
        try {
            while (!future.isDone()) {
                try {
                    forDone(future);
                } catch (InterruptedException e) {
                    interrupted = true;
                    refuseWhenEnded();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void refuseWhenEnded() {
        if (Thread.currentThread() instanceof HandlerThread thread && thread.hasEnded()) {
            throw new CancellationException("The runtime that this handler belongs to was closed while it waited");
        }
    }

    private void refuseOnLoop() {
        if (world.place() == Place.LOOP) {
            throw new IllegalStateException("A task of a loop waited for a future, which would stop what it waits for:"
                    + " continue by thenCompose or whenComplete instead");
        }
    }
}
