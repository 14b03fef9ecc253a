package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.observe.DeadLetterFailed;
import io.microservicekit.messaging.api.observe.DeadLettered;
import io.microservicekit.messaging.api.observe.MessageExhausted;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.observe.ResultDropped;
import io.microservicekit.messaging.api.observe.RetryScheduled;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.api.spi.Loop;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Performs the commands of the state machine with the runtime and the adapter. Confined to the subscription's loop. */
final class Performer implements CommandPort {
    private static final RetryPolicy CAPPED = RetryPolicy.builder(1000, Duration.ofSeconds(1))
            .maxDelay(Duration.ofSeconds(30))
            .build();
    /** A dead letter that is too large in its smallest form waits for somebody to raise the limit. */
    private static final Duration OVERSIZE = Duration.ofSeconds(30);

    private final EngineParts parts;
    private final Loop loop;
    private final EngineSink sink;
    private final Runs runs;
    private final SplittableRandom random;
    private final Map<Long, Loop.Timer> timers = new LinkedHashMap<>();
    private final Map<Assignment, Loop.Timer> holds = new LinkedHashMap<>();
    private final UserCommits userCommits = new UserCommits();
    private final Revocations revocations;
    private final @Nullable DeadLetters deadLetters;
    private @Nullable BackendConsumer consumer;

    Performer(EngineParts parts, Loop loop, EngineSink sink) {
        this.parts = parts;
        this.loop = loop;
        this.sink = sink;
        this.runs = new Runs(parts, loop, sink);
        this.random = parts.runtime().random("retry jitter");
        this.revocations = new Revocations(loop, sink, runs);
        String topic = parts.options().deadLetterTopic();
        this.deadLetters = topic == null ? null : new DeadLetters(topic);
    }

    void attach(BackendConsumer opened) {
        consumer = opened;
    }

    BackendConsumer consumer() {
        return Objects.requireNonNull(consumer, "commands come after the consumer");
    }

    Runs runs() {
        return runs;
    }

    UserCommits userCommits() {
        return userCommits;
    }

    Revocations revocations() {
        return revocations;
    }

    void cancelTimers() {
        timers.values().forEach(Loop.Timer::cancel);
        timers.clear();
        holds.values().forEach(Loop.Timer::cancel);
        holds.clear();
        runs.stopTicking();
    }

    @Override
    public void startRun(EngineCommand.StartRun command) {
        runs.start(command);
    }

    @Override
    public void stopRun(long run) {
        runs.stop(run);
    }

    @Override
    public void park(EngineCommand.Park command) {
        Duration delay = delay(command);
        timers.put(command.token(), loop.schedule(delay, () -> {
            timers.remove(command.token());
            sink.handle(new EngineEvent.TimerDue(command.assignment(), command.token()));
        }));
        long now = parts.runtime().nanoTime();
        command.why().stall().parked(command, now, now + delay.toNanos());
        if (command.kind() == ParkKind.DEAD_LETTER) {
            deadLetterFailed(command, delay);
        } else {
            observer().retryScheduled(new RetryScheduled(command.message(), command.count(), delay, command.cause()));
        }
    }

    private Duration delay(EngineCommand.Park command) {
        if (command.kind() == ParkKind.RETRY) {
            return parts.options().retry().delay(command.count(), random);
        }
        boolean oversize = command.kind() == ParkKind.DEAD_LETTER
                && MessagingException.is(command.cause(), ErrorCode.MESSAGE_TOO_LARGE);
        return oversize ? OVERSIZE : CAPPED.delay(command.count(), random);
    }

    private void deadLetterFailed(EngineCommand.Park command, Duration delay) {
        ReceivedMessage message = command.message();
        observer().deadLetterFailed(new DeadLetterFailed(message, command.count(), delay, command.cause()));
        log(
                Level.WARNING,
                "Writing the dead letter of " + message + " to "
                        + parts.options().deadLetterTopic() + " failed " + command.count()
                        + " times; the message stays un-acknowledged, next try in " + delay,
                command.cause());
    }

    @Override
    public void cancelTimer(long token) {
        Loop.Timer timer = timers.remove(token);
        if (timer != null) {
            timer.cancel();
        }
    }

    @Override
    public void publishDeadLetter(EngineCommand.PublishDeadLetter command) {
        command.why().stall().publishing(parts.runtime().nanoTime());
        Message deadLetter = Objects.requireNonNull(deadLetters, "dead letters need a topic")
                .of(command.message(), command.cause(), parts.runtime().clock().instant(), command.form());
        if (command.form() != LetterForm.FULL) {
            log(
                    Level.WARNING,
                    "The dead letter of " + command.message() + " is too large for " + deadLetter.topic()
                            + ": it is written as " + command.form(),
                    null);
        }
        CompletableFuture<?> unused = Answer.of(() -> parts.deadLetters().send(deadLetter))
                .whenComplete((result, error) -> {
                    Throwable failure = error != null ? error : notThere(result);
                    if (failure == null) {
                        observer().deadLettered(new DeadLettered(command.message(), result));
                    }
                    sink.report(new EngineEvent.DeadLetterSettled(command.assignment(), command.token(), failure));
                });
    }

    /** A result alone is no proof: the source is acknowledged only when the dead letter is confirmed and was routed somewhere. */
    private @Nullable Throwable notThere(@Nullable SendResult result) {
        if (result != null && result.confirmed() && result.routed()) {
            return null;
        }
        return new SendException(
                result != null && result.confirmed() ? ErrorCode.UNROUTABLE : ErrorCode.SEND_MESSAGE,
                SendOutcome.UNKNOWN,
                "Writing a dead letter to " + parts.options().deadLetterTopic() + " ended with " + result
                        + ", which is not confirmed and routed. Use a producer that confirms, and create the destination.",
                null);
    }

    @Override
    public void acknowledge(Assignment assignment, long upTo, List<Long> alsoThese) {
        consumer()
                .acknowledge(
                        assignment,
                        upTo,
                        alsoThese.stream().mapToLong(Long::longValue).toArray());
    }

    @Override
    public void commitAnswered(long ticket, boolean accepted) {
        userCommits.answer(ticket, accepted, null);
    }

    @Override
    public void flush(Assignment assignment, long ticket) {
        CompletableFuture<?> unused = Answer.of(() -> consumer().flush(assignment))
                .whenComplete((taken, error) -> loop.execute(() -> userCommits.answer(ticket, error == null, error)));
    }

    @Override
    public void pauseIntake(Assignment assignment) {
        consumer().pause(Collections.singleton(assignment));
    }

    @Override
    public void resumeIntake(Assignment assignment) {
        consumer().resume(Collections.singleton(assignment));
    }

    @Override
    public void hold(Assignment assignment, long tag) {
        consumer().hold(assignment, tag);
    }

    @Override
    public void release(Assignment assignment, long tag) {
        consumer().release(assignment, tag);
    }

    @Override
    public void watchHold(Assignment assignment, long atNanos) {
        Duration delay = Duration.ofNanos(Math.max(0, atNanos - parts.runtime().nanoTime()));
        holds.put(assignment, loop.housekeeping(delay, () -> {
            holds.remove(assignment);
            sink.handle(new EngineEvent.HoldDue(assignment, parts.runtime().nanoTime()));
        }));
    }

    @Override
    public void unwatchHold(Assignment assignment) {
        Loop.Timer timer = holds.remove(assignment);
        if (timer != null) {
            timer.cancel();
        }
    }

    @Override
    public void recycle(Assignment assignment) {
        String reason = "a message has been unacknowledged for the hold limit of "
                + consumer().holdLimit();
        log(Level.INFO, "Giving " + assignment + " back: " + reason, null);
        consumer().recycle(assignment, reason);
    }

    @Override
    public void revocationDone(long revocation) {
        revocations.done(revocation);
    }

    @Override
    public void exhausted(ReceivedMessage message, Throwable cause) {
        observer().exhausted(new MessageExhausted(message, cause));
        log(Level.WARNING, "Handling " + message + " failed for good: " + policy(), cause);
    }

    private String policy() {
        String topic = parts.options().deadLetterTopic();
        return topic == null ? "policy " + parts.options().exhausted() : "it goes to dead-letter topic " + topic;
    }

    @Override
    public void discarded(ReceivedMessage message, Throwable cause) {
        log(Level.WARNING, "Discarded " + message + " as configured: it is acknowledged and lost", null);
    }

    @Override
    public void dropped(Assignment assignment, int messages) {
        observer().resultDropped(new ResultDropped(assignment.topic(), assignment.partition(), messages));
        log(
                Level.INFO,
                "A handler of " + assignment + " ended after that was no longer assigned: its " + messages
                        + " handled messages can not be acknowledged, what is unfinished is delivered again",
                null);
    }

    @Override
    public void failed(Throwable cause) {
        sink.failed(cause);
    }

    @Override
    public void drained() {
        sink.drained();
    }

    private MessagingObserver observer() {
        return parts.observer();
    }

    private void log(Level level, String text, @Nullable Throwable cause) {
        parts.logger().log(level, parts.name() + ": " + text, cause);
    }
}
