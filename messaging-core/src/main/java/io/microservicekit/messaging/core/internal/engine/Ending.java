package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.SubscriptionState;
import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How a subscription begins and ends for its user: the futures, the deadline, the report. Confined to the loop, but for the futures and {@link #abandon}. */
final class Ending {
    /** How long the adapter may take to close when the deadline leaves it less, or when there is none. */
    private static final Duration LEAST_CLOSE = Duration.ofMillis(200);

    private static final Duration MOST_CLOSE = Duration.ofSeconds(10);

    private final EngineParts parts;
    private final Loop loop;
    private final CompletableFuture<Void> ready;
    private final CompletableFuture<Void> completion;
    private final CompletableFuture<ShutdownReport> report;
    private final CompletableFuture<Result> result;
    private @Nullable MessagingException failure;
    private boolean isReady;
    private boolean begun;
    private boolean drained;
    private long beganNanos;
    private long deadlineNanos = Long.MAX_VALUE;

    private record Result(ShutdownReport report, @Nullable MessagingException failure) {}

    Ending(EngineParts parts, Loop loop) {
        ClientRuntime runtime = parts.runtime();
        this.parts = parts;
        this.loop = loop;
        this.ready = runtime.future();
        this.completion = runtime.future();
        this.report = runtime.future();
        this.result = runtime.future();
    }

    CompletableFuture<Void> ready() {
        return Answer.forUser(parts.runtime(), ready);
    }

    CompletableFuture<Void> completion() {
        return Answer.forUser(parts.runtime(), completion);
    }

    CompletableFuture<ShutdownReport> report() {
        return report;
    }

    void becomeReady() {
        isReady = true;
        parts.control().execute(() -> ready.complete(null));
    }

    /** Whether this call begins the ending. Each call may bring the deadline nearer, none moves it away. */
    boolean begin(Duration deadline) {
        long now = parts.runtime().nanoTime();
        deadlineNanos = Math.min(deadlineNanos, now + deadline.toNanos());
        if (begun) {
            return false;
        }
        begun = true;
        beganNanos = now;
        return true;
    }

    boolean isReady() {
        return isReady;
    }

    boolean hasBegun() {
        return begun;
    }

    boolean isDrained() {
        return drained;
    }

    void drained() {
        drained = true;
    }

    /** The first failure counts; later ones are attached to it. */
    void fail(MessagingException cause) {
        if (failure == null) {
            failure = cause;
        } else if (failure != cause) {
            failure.addSuppressed(cause);
        }
    }

    boolean hasFailed() {
        return failure != null;
    }

    /** Why it has failed, for reports. */
    List<String> failureTexts() {
        return failure == null ? List.of() : List.of(ReasonText.of(failure));
    }

    /** What is left to say of it once it has ended. */
    EngineHealth epitaph() {
        return EngineHealth.idle(hasFailed() ? SubscriptionState.FAILED : SubscriptionState.CLOSED, failureTexts());
    }

    /** What the deadline leaves for closing the adapter. */
    Duration closeLimit() {
        long left = deadlineNanos - parts.runtime().nanoTime();
        Duration limit = Duration.ofNanos(Math.max(0, left));
        if (limit.compareTo(LEAST_CLOSE) < 0) {
            return LEAST_CLOSE;
        }
        return limit.compareTo(MOST_CLOSE) > 0 ? MOST_CLOSE : limit;
    }

    Duration elapsed() {
        return Duration.ofNanos(parts.runtime().nanoTime() - beganNanos);
    }

    /** Completes all futures on the control loop and ends the subscription's own loop. */
    void finish(ShutdownReport outcome) {
        Result own = new Result(outcome, failure);
        result.complete(own);
        parts.control().execute(() -> {
            tell(own);
            report.complete(outcome);
        });
        loop.execute(loop::close); // behind what was asked before: a close drops what waits
    }

    private void tell(Result told) {
        MessagingException cause = told.failure();
        ready.completeExceptionally(
                cause != null
                        ? cause
                        : closed("Waiting for " + parts.name() + " to be ready ended: it was closed before."));
        if (cause == null) {
            completion.complete(null);
        } else {
            completion.completeExceptionally(cause);
        }
    }

    /** Completes what the loops have not completed: one of them hangs, or is gone. From any thread; changes nothing after {@link #finish}. */
    void abandon() {
        Result told = result.getNow(
                new Result(
                        new ShutdownReport(0, 0, List.of(), 0, 0, 1, Duration.ZERO),
                        closed(
                                "Consuming by " + parts.name()
                                        + " was cut off when its client ended: its event loop did not answer in time."
                                        + " What it had not finished is delivered again. See what blocks it, an observer or a logger for instance.")));
        report.complete(told.report());
        if (!ready.isDone() || !completion.isDone()) {
            onOwnThread(() -> tell(told));
        }
    }

    /** Continuations of users may hang, also those that hang the control loop already. Where no thread can be had, they are told here all the same. */
    private void onOwnThread(Runnable telling) {
        if (!parts.runtime().hasIoThreads()) {
            telling.run();
            return;
        }
        try {
            Thread unused = parts.runtime().ioThread(parts.name() + "-end", telling);
        } catch (ClosedException | OutOfMemoryError none) {
            telling.run();
        }
    }

    private static ConsumeException closed(String text) {
        return new ConsumeException(ErrorCode.CONSUMER_CLOSED, text);
    }
}
