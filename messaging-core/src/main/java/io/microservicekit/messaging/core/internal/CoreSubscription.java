package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import io.microservicekit.messaging.core.internal.engine.Answer;
import io.microservicekit.messaging.core.internal.engine.EngineHealth;
import io.microservicekit.messaging.core.internal.engine.SubscriptionEngine;
import io.microservicekit.messaging.core.internal.shared.SharedAnswer;
import io.microservicekit.messaging.core.internal.shared.SharedAnswer.Asked;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A subscription as its user sees it. */
final class CoreSubscription implements Subscription {
    private final ClientRuntime runtime;
    private final String name;
    private final Consumer<CoreSubscription> onEnd;
    private final CompletableFuture<@Nullable SubscriptionEngine> started;
    private final CompletableFuture<Void> completion;
    private final SharedAnswer<EngineHealth> health = new SharedAnswer<>(ClientHealth.KEPT);

    CoreSubscription(ClientRuntime runtime, String name, Consumer<CoreSubscription> onEnd) {
        this.runtime = runtime;
        this.name = name;
        this.onEnd = onEnd;
        this.started = runtime.future();
        this.completion = runtime.future();
    }

    void start(SubscriptionEngine engine) {
        started.complete(engine);
        CompletableFuture<?> unused = engine.completion().whenComplete((done, error) -> end(error));
    }

    /** The consumer is free before anybody learns of the end, so that whoever does may subscribe again. */
    private void end(@Nullable Throwable error) {
        onEnd.accept(this);
        if (error == null) {
            completion.complete(null);
        } else {
            completion.completeExceptionally(error);
        }
    }

    /** The consumer was closed while this was being made: nobody else will close it, and the client's loops may be gone already. */
    void abort() {
        CompletableFuture<?> unused = closeAsync(Duration.ZERO);
        engine().abort();
    }

    /** Ends it for all who wait, whatever hangs. */
    void abandon() {
        SubscriptionEngine engine = started.getNow(null);
        if (engine != null) {
            engine.abandon();
        }
    }

    void neverStarted() {
        started.complete(null);
    }

    private SubscriptionEngine engine() {
        return Objects.requireNonNull(started.getNow(null), "users get a subscription when it has started");
    }

    /** Asks how it is; only for one that has started. */
    Asked<EngineHealth> ask(long now) {
        return health.ask(now, runtime::future, engine()::inspect);
    }

    @Override
    public CompletableFuture<Void> ready() {
        return engine().ready();
    }

    @Override
    public Subscription awaitReady(Duration limit) {
        Objects.requireNonNull(limit, "limit");
        Place here = runtime.place();
        if (here == Place.LOOP || here == Place.IO) {
            throw notReady(
                    "it was not tried: thread " + Thread.currentThread().getName()
                            + " belongs to the client and must not wait. Use ready(), or another executor",
                    null);
        }
        try {
            runtime.await(ready(), Limits.within(limit));
            return this;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notReady("the thread was interrupted", e);
        } catch (TimeoutException e) {
            throw notReady(
                    "it was not within " + limit
                            + ". See that each topic exists at the broker; it goes on trying until it is closed",
                    e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof MessagingException own ? own : notReady("it failed", e.getCause());
        }
    }

    private ConsumeException notReady(String why, @Nullable Throwable cause) {
        return new ConsumeException(
                ErrorCode.TIMEOUT,
                "Waiting for the subscription of " + name + " to be ready ended: " + why + ".",
                cause);
    }

    @Override
    public void pause() {
        engine().pause(true);
    }

    @Override
    public void resume() {
        engine().pause(false);
    }

    @Override
    public boolean isPaused() {
        return engine().isPaused();
    }

    /** Null when it has not started. */
    @Nullable CompletableFuture<Void> commit(ReceivedMessage message) {
        SubscriptionEngine engine = started.getNow(null);
        return engine == null ? null : engine.commit(message);
    }

    @Override
    public CompletableFuture<Void> completion() {
        return Answer.forUser(runtime, completion);
    }

    CompletableFuture<ShutdownReport> closeAsync(Duration deadline) {
        return started.thenCompose(engine ->
                engine == null ? CompletableFuture.completedFuture(ShutdownReport.nothing()) : engine.close(deadline));
    }

    @Override
    public ShutdownReport close(Duration deadline) {
        Objects.requireNonNull(deadline, "deadline");
        return new Edge(runtime).shutdown(deadline, this::closeAsync);
    }

    @Override
    public void close() {
        close(Limits.FOREVER);
    }
}
