package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.AckMode;
import io.microservicekit.messaging.api.OversizeDeadLetter;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.core.internal.shared.Latest;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One running subscription: turns the adapter's reports into events, applies them on the subscription's loop one at a time, and has the commands
 * performed. Public methods may be called from any thread; all state is confined to the loop.
 */
public final class SubscriptionEngine {
    /** How long the handlers that still run get when the subscription has failed. */
    private static final Duration FAILURE_DRAIN = Duration.ofSeconds(5);

    private final EngineParts parts;
    private final Loop loop;
    private final Performer performer;
    private final Ending ending;
    private final BackendConsumer opened;
    private final List<Runnable> early = new ArrayList<>();
    private final Latest<Boolean> paused = new Latest<>(false);
    private final Latest<Optional<EngineHealth>> epitaph = new Latest<>(Optional.empty());
    private @Nullable EngineState state;
    private @Nullable Holdings holdings;

    /**
     * An engine whose consumer is opened at once; what it reports meanwhile waits.
     *
     * @throws MessagingException what {@code open} throws; then nothing of the engine is left
     */
    public SubscriptionEngine(EngineParts parts, Function<BackendListener, BackendConsumer> open) {
        this.parts = parts;
        this.loop = parts.runtime().loop(parts.name());
        this.ending = new Ending(parts, loop);
        this.performer = new Performer(parts, loop, new Sink());
        this.opened = opened(open);
        loop.execute(() -> attach(opened));
    }

    /** Closes the adapter's consumer without the loop, which may be gone. */
    public void abort() {
        CompletableFuture<?> unused = Answer.of(() -> opened.close(Duration.ZERO));
    }

    /** Ends it for all who wait, without its loop and the control loop, which may hang; changes nothing when it has ended. From any thread. */
    public void abandon() {
        if (!ending.report().isDone()) {
            abort();
        }
        ending.abandon();
    }

    private BackendConsumer opened(Function<BackendListener, BackendConsumer> open) {
        try {
            return open.apply(new Reports());
        } catch (RuntimeException | Error e) {
            performer.runs().close();
            loop.close();
            throw e;
        }
    }

    /** Completes on the control loop when messages sent from then on are delivered. */
    public CompletableFuture<Void> ready() {
        return ending.ready();
    }

    /** Completes on the control loop when the subscription has ended. */
    public CompletableFuture<Void> completion() {
        return ending.completion();
    }

    /**
     * Stops; a later call with a shorter deadline shortens it.
     *
     * @param deadline how long running handlers get
     * @return completes on the control loop, always normally
     */
    public CompletableFuture<ShutdownReport> close(Duration deadline) {
        enqueue(() -> stop(deadline));
        return ending.report();
    }

    /**
     * Commits a message for its user.
     *
     * @return completes on the loop when the broker has taken it, at once when a lower one is unfinished; exceptionally with NO_ACTIVE_SESSION
     */
    public CompletableFuture<Void> commit(ReceivedMessage message) {
        CompletableFuture<Void> answer = parts.runtime().future();
        UserCommits commits = performer.userCommits();
        if (commits.begin(answer)) {
            enqueue(() -> handle(new EngineEvent.Commit(commits.number(message, answer), message)));
        } else {
            answer.completeExceptionally(UserCommits.noSession(message, null));
        }
        return answer;
    }

    /** Starts nothing more from the loop's next turn on, or again; the last call counts. */
    public void pause(boolean wanted) {
        paused.set(wanted);
        enqueue(() -> handle(paused.get() ? new EngineEvent.Pause() : new EngineEvent.Resume()));
    }

    /** What was wanted last. */
    public boolean isPaused() {
        return paused.get();
    }

    /** Has the loop say how it is; completes on the loop, and never when the loop is dead. */
    public void inspect(CompletableFuture<EngineHealth> answer) {
        enqueue(() -> {
            try {
                answer.complete(inspected());
            } catch (RuntimeException bug) {
                answer.completeExceptionally(bug);
            }
        });
        epitaph.get().ifPresent(answer::complete);
    }

    private EngineHealth inspected() {
        Holdings known = Objects.requireNonNull(holdings, "questions come after the consumer");
        return new Inspection(parts, known, performer).take(ending, paused.get());
    }

    private void attach(BackendConsumer consumer) {
        performer.attach(consumer);
        try {
            become(limits(consumer));
            advise(consumer);
        } catch (RuntimeException bug) {
            become(limits(null));
            fail(bug);
        }
        early.forEach(Runnable::run);
        early.clear();
    }

    private void advise(BackendConsumer consumer) {
        String advice = HoldAdvice.of(parts.options().retry(), consumer.holdLimit());
        if (advice != null) {
            parts.logger().log(System.Logger.Level.WARNING, parts.name() + ": " + advice);
        }
    }

    private void become(EngineLimits limits) {
        holdings = new Holdings(limits);
        state = new EngineState(limits, holdings);
    }

    private EngineLimits limits(@Nullable BackendConsumer consumer) {
        Duration hold = consumer == null ? null : consumer.holdLimit();
        return new EngineLimits(
                parts.options().concurrency(),
                parts.options().maxInFlight(),
                parts.options().maxInFlightBytes(),
                parts.options().maxUncommitted(),
                hold == null ? 0 : hold.toNanos(),
                parts.options().deadLetterTopic() != null,
                parts.options().exhausted(),
                parts.options().ackMode() == AckMode.MANUAL,
                parts.options().oversizeDeadLetter() == OversizeDeadLetter.POINTER,
                parts.options().ordering());
    }

    private void stop(Duration deadline) {
        if (ending.begin(deadline)) {
            handle(new EngineEvent.Stop());
        }
        if (!ending.isDrained()) {
            loop.housekeeping(deadline, this::expire);
        }
    }

    private void expire() {
        if (!ending.isDrained()) {
            performer.runs().reportProgress();
            handle(new EngineEvent.StopExpired());
        }
    }

    private void handle(EngineEvent event) {
        EngineState machine = Objects.requireNonNull(state, "events come after the consumer");
        parts.runtime().note(parts.name(), event::toString);
        try {
            for (EngineCommand command : List.copyOf(machine.apply(event))) {
                command.perform(performer);
            }
            performer.runs().reportWithdrawn();
        } catch (Throwable bug) {
            broken(bug);
        }
    }

    /** An error of our own must end the subscription loudly instead of leaving it alive but idle. */
    private void broken(Throwable bug) {
        if (!ending.hasFailed()) {
            fail(bug);
        } else if (!ending.isDrained()) {
            closeConsumer();
        }
    }

    /** Nothing is under way: what is finished was passed on; now the adapter acknowledges it and returns the rest. */
    private void closeConsumer() {
        ending.drained();
        performer.cancelTimers();
        performer.revocations().close();
        Duration limit = ending.closeLimit();
        CompletableFuture<?> unused = Answer.of(() -> opened.close(limit))
                .whenComplete((left, error) -> loop.execute(() -> finish(left == null ? unheard() : left)));
        loop.housekeeping(limit, () -> finish(unheard()));
    }

    /** What the adapter has not told to be taken by the broker. */
    private long unheard() {
        return Objects.requireNonNull(holdings, "an end comes after the beginning")
                .uncommitted();
    }

    private void finish(long unacknowledged) {
        EngineState machine = Objects.requireNonNull(state, "an end comes after the beginning");
        performer.runs().close();
        performer.userCommits().close();
        epitaph.set(Optional.of(ending.epitaph())); // before the loop closes, so that nobody asks it in vain
        ending.finish(new ShutdownReport(
                machine.drainedCount(),
                machine.returnedCount(),
                machine.abandoned(),
                unacknowledged,
                0,
                0,
                ending.elapsed()));
    }

    private void fail(Throwable cause) {
        MessagingException failure = cause instanceof MessagingException own ? own : unexpected(cause);
        ending.fail(failure);
        stop(FAILURE_DRAIN);
        parts.logger()
                .log(
                        Level.ERROR,
                        parts.name() + " has failed and stops; unfinished messages stay un-acknowledged",
                        cause);
        parts.observer().subscriptionFailed(parts.group(), failure);
    }

    private ConsumeException unexpected(Throwable cause) {
        return new ConsumeException(
                ErrorCode.CONSUMER_CLOSED,
                "Consuming by " + parts.name() + " failed: " + cause.getClass().getName()
                        + ". The message stays un-acknowledged; mend the cause, then subscribe again.",
                cause);
    }

    private void enqueue(Runnable task) {
        loop.execute(() -> {
            if (state == null) {
                early.add(task);
            } else {
                task.run();
            }
        });
    }

    /** What performing commands leads to. */
    private final class Sink implements EngineSink {
        @Override
        public void report(EngineEvent event) {
            enqueue(() -> SubscriptionEngine.this.handle(event));
        }

        @Override
        public void handle(EngineEvent event) {
            SubscriptionEngine.this.handle(event);
        }

        @Override
        public void failed(Throwable cause) {
            fail(cause);
        }

        @Override
        public void drained() {
            closeConsumer();
        }
    }

    /** The adapter's reports, as events. */
    private final class Reports implements BackendListener {
        @Override
        public void ready() {
            enqueue(ending::becomeReady);
        }

        @Override
        public void assigned(Set<Assignment> assignments) {
            List<Assignment> added = new ArrayList<>(assignments);
            enqueue(() -> SubscriptionEngine.this.handle(new EngineEvent.Assigned(added)));
        }

        @Override
        public void delivered(Assignment assignment, List<ReceivedMessage> messages) {
            long now = parts.runtime().nanoTime();
            enqueue(() -> SubscriptionEngine.this.handle(new EngineEvent.Delivered(assignment, messages, now)));
        }

        @Override
        public void acknowledged(Assignment assignment, long upTo) {
            enqueue(() -> SubscriptionEngine.this.handle(new EngineEvent.Acknowledged(assignment, upTo)));
        }

        @Override
        public CompletableFuture<Void> revoked(Set<Assignment> assignments, Duration limit) {
            CompletableFuture<Void> letGo = parts.runtime().future();
            enqueue(() -> performer.revocations().begin(assignments, limit, letGo));
            return letGo;
        }

        @Override
        public void lost(Set<Assignment> assignments) {
            List<Assignment> gone = new ArrayList<>(assignments);
            enqueue(() -> SubscriptionEngine.this.handle(new EngineEvent.Lost(gone)));
        }

        @Override
        public void failed(MessagingException cause) {
            enqueue(() -> fail(cause));
        }
    }
}
