package io.microservicekit.messaging.testkit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A future whose waits, timeouts and asynchronous dependents happen in simulated time. */
final class SimulatedFuture<T> extends CompletableFuture<T> {
    private final SimulatedScope scope;

    SimulatedFuture(SimulatedScope scope) {
        this.scope = scope;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new SimulatedFuture<>(scope);
    }

    @Override
    public Executor defaultExecutor() {
        return scope.asynchronous();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        scope.waits().forDone(this);
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        scope.waits().forDone(this, Waits.duration(timeout, unit));
        return super.get();
    }

    @Override
    public T join() {
        scope.waits().forDoneUninterrupted(this);
        return super.join();
    }

    @Override
    public CompletableFuture<T> orTimeout(long timeout, TimeUnit unit) {
        return after(timeout, unit, () -> completeExceptionally(new TimeoutException()));
    }

    @Override
    public CompletableFuture<T> completeOnTimeout(T value, long timeout, TimeUnit unit) {
        return after(timeout, unit, () -> complete(value));
    }

    private CompletableFuture<T> after(long timeout, TimeUnit unit, Runnable action) {
        if (!isDone()) {
            var timer = scope.timeouts().schedule(Waits.duration(timeout, unit), action);
            var unused = whenComplete((result, error) -> timer.cancel());
        }
        return this;
    }
}
