package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.consume.Attempt.Phase;
import io.microservicekit.messaging.rabbitmq.internal.link.BrokerConnection;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConnectionUser;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumedQueue;
import io.microservicekit.messaging.rabbitmq.internal.topology.Refusals;
import io.microservicekit.messaging.rabbitmq.internal.topology.Topology;
import io.microservicekit.messaging.rabbitmq.internal.topology.TopologyStep;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The life of a consumer: one attempt after the other, each on a channel of its own, until it is closed or has failed. Confined to the loop of the connection. */
final class Subscriber implements ConnectionUser {
    private static final Duration STABLE = Duration.ofSeconds(30);

    private final ConsumerParts parts;
    private final Topology topology;
    private final Refusals refusals;
    private final Surprises surprises;
    private final NextAttempt nextAttempt;
    private final Pauses pauses;
    private final Ending ending;
    private final QueueFinding finding;
    private final GivingBack givingBack;
    private @Nullable BrokerConnection connection;
    private @Nullable Attempt current;
    private Next next = Next.AT_ONCE;
    private long lastEpoch;
    private boolean everReady;
    private boolean failed;

    Subscriber(ConsumerParts parts) {
        this.parts = parts;
        this.topology = parts.topology();
        this.refusals = new Refusals(parts.attempt(), topology.declares());
        this.surprises = new Surprises(parts, topology.routesByTopic(), topology.hasPatterns());
        this.nextAttempt = new NextAttempt(parts.loop(), this::begin);
        this.pauses = new Pauses(parts, this);
        this.ending = new Ending(parts.loop(), this::end);
        this.finding = new QueueFinding(parts, this);
        this.givingBack = new GivingBack(parts, this);
    }

    /** What follows once an assignment is given back. */
    enum Next {
        /** The next attempt. */
        AT_ONCE,
        /** The next attempt, after a while when there were several. */
        AFTER_BACKOFF,
        /** The next attempt, which consumes only when it is not paused. */
        WHEN_NOT_PAUSED
    }

    Pauses pauses() {
        return pauses;
    }

    void start() {
        if (!ending.begun()) {
            parts.connection().join(this);
        }
    }

    boolean isCurrent(Attempt attempt) {
        return attempt == current;
    }

    void see(String routingKey) {
        surprises.see(routingKey);
    }

    @Override
    public void connected(BrokerConnection opened) {
        connection = opened;
        begin();
    }

    @Override
    public void disconnected(Closure closure) {
        connection = null;
        Attempt attempt = current;
        if (attempt != null) {
            closed(attempt, closure);
        }
    }

    @Override
    public @Nullable ConsumedQueue consumedQueue() {
        return finding.question(current);
    }

    @Override
    public void exchangeMissing() {
        finding.exchangeMissing(current);
    }

    /** Does not matter: consuming goes on during an alarm. */
    @Override
    public void blocked(boolean blocked, String reason) {}

    @Override
    public void failed(MessagingException cause) {
        try {
            drop();
        } finally {
            fail(cause);
        }
        if (ending.begun()) {
            ending.finish();
        }
    }

    private void begin() {
        BrokerConnection open = connection;
        if (open == null || current != null || failed || ending.begun()) {
            return;
        }
        nextAttempt.cancel();
        Loop.Timer again = nextAttempt.unlessBegun();
        try {
            Attempt attempt = new Attempt(parts, this, ++lastEpoch);
            current = attempt;
            attempt.open(open, topology.steps(parts.spec(), parts.presence(), !everReady));
        } catch (RuntimeException | Error e) {
            current = null;
            throw e;
        }
        again.cancel();
    }

    /** Everything the queue needs is there. */
    void prepared(Attempt attempt) {
        if (!isCurrent(attempt)) {
            return;
        }
        if (next == Next.WHEN_NOT_PAUSED) {
            parts.impediment().say(null);
            pauses.waitFor(attempt);
        } else {
            attempt.consume();
        }
        next = Next.AT_ONCE;
    }

    /** The broker has registered its consumer. */
    void consuming(Attempt attempt) {
        if (!isCurrent(attempt) || attempt.isLeaving()) {
            return;
        }
        if (attempt.phase() == Phase.OPENING) {
            attempt.enter(Phase.CONSUMING);
        }
        everReady = true;
        finding.forget();
        parts.impediment().say(null);
        parts.connection().answered(this);
        attempt.session().announce();
        parts.listener().ready();
        attempt.stable(parts.loop().housekeeping(STABLE, () -> stable(attempt)));
    }

    private void stable(Attempt attempt) {
        if (isCurrent(attempt)) {
            nextAttempt.reset();
            parts.connection().stable(this);
        }
    }

    /** The broker refused what the attempt asked for, and the channel is gone with it. */
    void refused(Attempt attempt, Closure closure) {
        if (!isCurrent(attempt)) {
            return;
        }
        TopologyStep step = attempt.step();
        try {
            drop();
        } finally { // an Error too: nobody else would begin anew
            refused(attempt, step, closure);
        }
    }

    private void refused(Attempt attempt, @Nullable TopologyStep step, Closure closure) {
        if (ending.begun()) {
            ending.finish();
            return;
        }
        if (step != null && parts.presence().learns(step, closure, text -> parts.log(Level.WARNING, text, null))) {
            nextAttempt.later();
            return;
        }
        // What ends the connection may have been asked by another of its consumers: only its repetition tells.
        MessagingException forGood = step == null || closure.ofConnection() ? null : refusals.forGood(step, closure);
        if (forGood != null) {
            fail(forGood);
        } else {
            again(
                    attempt,
                    closure,
                    step == null
                            ? "opening a channel failed (" + Refusals.said(closure) + ")"
                            : Refusals.impediment(step, closure));
        }
    }

    /** The broker has ended a consumer, its queue is gone or it held a message too long; the channel lives. */
    void cancelled(Attempt attempt) {
        if (!isCurrent(attempt) || attempt.isLeaving()) {
            return;
        }
        String reason =
                "the broker has ended the consumer: its queue was deleted or moved, or a message was held longer than its consumer_timeout";
        parts.log(Level.WARNING, reason + "; it is consumed anew", null);
        parts.impediment().say(reason);
        if (attempt.isAnnounced()) {
            giveBack(attempt, Next.AFTER_BACKOFF);
        } else {
            drop();
            nextAttempt.later();
        }
    }

    /** The channel is gone. */
    void closed(Attempt attempt, Closure closure) {
        if (!isCurrent(attempt)) {
            return;
        }
        if (closure.ofConnection()) {
            connection = null;
        }
        if (attempt.phase() == Phase.OPENING) {
            refused(attempt, closure);
        } else if (attempt.isReleased()) {
            blame(attempt, closure);
            givenBack(attempt);
        } else {
            try {
                drop();
            } finally { // an Error too: nobody else would begin anew
                again(attempt, closure, "its channel was closed (" + Refusals.said(closure) + ") and is opened anew");
            }
        }
    }

    /** Another attempt follows, at the latest with the next connection. */
    private void again(Attempt ended, Closure closure, String impediment) {
        parts.impediment().say(impediment);
        if (closure.kind() != Closure.Kind.OURSELVES) {
            parts.log(Level.WARNING, impediment, null);
        }
        if (closure.ofConnection()) {
            connection = null;
        } else {
            parts.connection().answered(this);
            nextAttempt.later();
        }
        blame(ended, closure);
    }

    /** What this consumer cannot take, or asks for, is not the trouble of the others, even when it comes while it lets go. */
    private void blame(Attempt ended, Closure closure) {
        TopologyStep step = ended.step();
        if (step != null && ended.mayHaveEnded(closure)) {
            parts.connection().suspected(this, closure, refusals.endless(step, closure));
        } else if (ended.isTrouble(closure)) {
            parts.connection().troubled(this, closure);
        }
    }

    /** Ends the current attempt whose channel is gone. */
    private void drop() {
        Attempt attempt = current;
        if (attempt == null) {
            return;
        }
        current = null;
        boolean known = attempt.isAnnounced() && !attempt.isReleased() && !ending.begun();
        if (attempt.isTaken()) {
            next = attempt.mayBePaused() ? Next.WHEN_NOT_PAUSED : Next.AT_ONCE;
        }
        attempt.end();
        try {
            if (known) {
                parts.listener().lost(attempt.assignments());
            }
        } finally {
            CompletableFuture<?> unused = attempt.close(Duration.ZERO);
        }
    }

    private void fail(MessagingException cause) {
        if (!failed && !ending.begun()) {
            failed = true;
            nextAttempt.cancel();
            parts.impediment().say("it has failed");
            parts.connection().leave(this);
            parts.listener().failed(cause);
        }
    }

    void recycle(Assignment assignment) {
        Attempt attempt = current;
        if (attempt != null && attempt.holds(assignment)) {
            giveBack(attempt, Next.AT_ONCE);
        }
    }

    void giveBack(Attempt attempt, Next afterwards) {
        if (attempt.isLeaving() || ending.begun()) {
            return;
        }
        next = attempt.mayBePaused() ? Next.WHEN_NOT_PAUSED : afterwards;
        givingBack.begin(attempt);
    }

    boolean isEnding() {
        return ending.begun();
    }

    /** Its channel is gone in good order, or as if. */
    void givenBack(Attempt attempt) {
        if (!isCurrent(attempt)) {
            return;
        }
        current = null;
        attempt.end();
        if (ending.begun()) {
            ending.finish();
        } else if (next == Next.AFTER_BACKOFF) {
            nextAttempt.later();
        } else {
            begin();
        }
    }

    /** Does something with the session of an assignment, if it is still held. */
    boolean with(Assignment assignment, Consumer<Session> action) {
        Attempt attempt = current;
        if (attempt == null || !attempt.holds(assignment)) {
            return false;
        }
        action.accept(attempt.session());
        return true;
    }

    void flush(Assignment assignment, CompletableFuture<Void> answer) {
        if (!with(assignment, session -> session.flush(answer))) {
            answer.completeExceptionally(new ConsumeException(
                    ErrorCode.NO_ACTIVE_SESSION,
                    parts.attempt() + ": " + assignment
                            + " is no longer held, its unacknowledged messages are delivered again."));
        }
    }

    /** The present attempt, when it has one of these assignments and the engine is not asked to let go of it. */
    @Nullable Attempt holding(Set<Assignment> assignments) {
        Attempt attempt = current;
        return attempt != null && attempt.holdsOneOf(assignments) && !attempt.isLeaving() ? attempt : null;
    }

    void close(Duration limit, CompletableFuture<Void> answer) {
        boolean first = !ending.begun();
        ending.add(answer, limit);
        Attempt attempt = current;
        if (!first) {
            return;
        }
        if (attempt == null || !attempt.isOpen()) {
            ending.finish();
        } else if (!attempt.isReleased()) {
            attempt.session().leave();
            givingBack.release(attempt, limit.dividedBy(2));
        }
    }

    /** The close is over, in good order or by its limit. */
    private void end() {
        nextAttempt.cancel();
        Attempt attempt = current;
        current = null;
        if (attempt != null) {
            attempt.end();
            CompletableFuture<?> unused = attempt.close(Duration.ZERO);
        }
        if (!failed) {
            parts.connection().leave(this);
        }
        parts.groups().leave(parts.spec().group());
    }
}
