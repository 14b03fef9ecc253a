package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.BrokerConnection;
import io.microservicekit.messaging.rabbitmq.internal.link.ChannelEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.InboundMessage;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import io.microservicekit.messaging.rabbitmq.internal.topology.StepRun;
import io.microservicekit.messaging.rabbitmq.internal.topology.TopologyStep;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** One attempt to consume, from the opening of its channel to its end. Confined to the loop of the connection. */
final class Attempt implements ChannelEvents {
    /** How far it has come. */
    enum Phase {
        /** The channel is being opened, or steps are being asked. */
        OPENING,
        /** It is assigned and does not consume, until it is known whether the subscription is paused. */
        WAITING,
        /** It consumes, or is paused. */
        CONSUMING,
        /** The engine has been asked to let go. */
        LEAVING,
        /** The engine has let go: what is finished is being acknowledged. */
        RELEASED,
        /** The channel is being closed. */
        SHUT
    }

    private final ConsumerParts parts;
    private final Subscriber subscriber;
    private final long epoch;
    private Phase phase = Phase.OPENING;
    private @Nullable Session session;
    private @Nullable TopologyStep step;
    private @Nullable StepRun run;
    private boolean cancelled;
    /** Whether the broker has been asked for something and has not granted it. */
    private boolean asking;

    private Loop.@Nullable Timer timer;
    private Loop.@Nullable Timer stable;

    Attempt(ConsumerParts parts, Subscriber subscriber, long epoch) {
        this.parts = parts;
        this.subscriber = subscriber;
        this.epoch = epoch;
    }

    void open(BrokerConnection connection, List<TopologyStep> steps) {
        CompletableFuture<?> unused = connection
                .consumingChannel(this)
                .whenComplete((channel, error) -> answered(error, () -> {
                    try {
                        if (subscriber.isCurrent(this)) {
                            opened(channel, steps);
                        }
                    } finally { // an Error too: nobody else knows of the channel
                        if (session == null) {
                            CompletableFuture<?> unusedClosing = channel.close(Duration.ZERO);
                        }
                    }
                }));
    }

    /** Whatever is thrown on the way ends the channel: nobody else hears of it, and nothing would come of this attempt. */
    private void answered(@Nullable Throwable error, Runnable next) {
        if (error != null) {
            subscriber.refused(this, closure(error));
            return;
        }
        try {
            next.run();
        } catch (Throwable e) {
            overtaxed(e);
        }
    }

    private void overtaxed(Throwable error) {
        subscriber.closed(this, new Closure(Closure.Kind.OVERTAXED, 0, String.valueOf(error), false, error));
    }

    private void opened(ConsumingChannel channel, List<TopologyStep> steps) {
        Runnable giveBack = () -> subscriber.giveBack(this, Subscriber.Next.AT_ONCE);
        session = new Session(parts, epoch, channel, new Session.End(giveBack, this::overtaxed));
        CompletableFuture<Void> end = parts.future();
        CompletableFuture<?> unused = end.whenComplete((nothing, error) -> answered(error, () -> {
            asking = false;
            subscriber.prepared(this);
        }));
        run = new StepRun(steps, channel, end);
        asking = true;
        run.begin();
    }

    /** Starts the first consumer of the channel, or one after a pause. */
    void consume() {
        enter(phase == Phase.WAITING ? Phase.CONSUMING : phase);
        step = new TopologyStep(
                TopologyStep.Kind.CONSUME,
                "queue '" + Shown.text(parts.queue()) + "'",
                c -> session().consume());
        asking = true;
        CompletableFuture<?> unused = session()
                .consume()
                .whenComplete((nothing, error) -> answered(error, () -> {
                    asking = false;
                    subscriber.consuming(this);
                }));
    }

    private static Closure closure(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof RefusedException refused
                ? refused.closure()
                : new Closure(Closure.Kind.OVERTAXED, 0, String.valueOf(cause), false, cause);
    }

    /** What was being asked; null while the channel is being opened. */
    @Nullable TopologyStep step() {
        return step != null || run == null ? step : run.current();
    }

    Phase phase() {
        return phase;
    }

    /** Whether the engine has let go of it. */
    boolean isReleased() {
        return phase == Phase.RELEASED || phase == Phase.SHUT;
    }

    /** Whether the engine has been asked to let go of it. */
    boolean isLeaving() {
        return phase == Phase.LEAVING || isReleased();
    }

    void enter(Phase next) {
        phase = next;
        timer(null);
    }

    /** The one timer of its phase. */
    void timer(Loop.@Nullable Timer next) {
        if (timer != null) {
            timer.cancel();
        }
        timer = next;
    }

    void stable(Loop.Timer next) {
        if (stable != null) {
            stable.cancel();
        }
        stable = next;
    }

    /** Whether its end says that the same will happen again. */
    boolean isTrouble(Closure closure) {
        return Troubles.isTrouble(closure, cancelled);
    }

    /** Whether it was what this attempt was asking for that has ended the connection, as far as can be told: others may have been asking too. */
    boolean mayHaveEnded(Closure closure) {
        return asking && closure.mayBeRefusal();
    }

    boolean isOpen() {
        return session != null;
    }

    Session session() {
        return Objects.requireNonNull(session, "the channel is open");
    }

    boolean isAnnounced() {
        return session != null && session.isAnnounced();
    }

    boolean isPaused() {
        return session != null && session.isPaused();
    }

    /** Whether the subscription is paused for all we know: the engine may not have said so again. */
    boolean mayBePaused() {
        return phase == Phase.WAITING || isPaused();
    }

    /** Whether it is assigned, and nobody was asked to let go. */
    boolean isTaken() {
        return phase == Phase.WAITING || phase == Phase.CONSUMING;
    }

    /** Whether the engine may go on with this assignment. */
    boolean holds(Assignment assignment) {
        return isAnnounced() && !isReleased() && session().assignment().equals(assignment);
    }

    boolean holdsOneOf(Set<Assignment> assignments) {
        return assignments.stream().anyMatch(this::holds);
    }

    /** Nothing more comes of it. */
    void end() {
        timer(null);
        if (stable != null) {
            stable.cancel();
        }
        if (session != null) {
            session.end();
        }
    }

    /** Closes the channel if there is one. */
    CompletableFuture<Void> close(Duration limit) {
        return session == null
                ? CompletableFuture.completedFuture(null)
                : session.channel().close(limit);
    }

    @Override
    public void delivered(InboundMessage message) {
        if (session != null && subscriber.isCurrent(this)) {
            subscriber.see(message.routingKey());
            session.delivered(message);
        }
    }

    @Override
    public void cancelled(String consumerTag) {
        cancelled = true;
        if (session != null) {
            session.cancelled(consumerTag);
        }
        subscriber.cancelled(this);
    }

    @Override
    public void closed(Closure closure) {
        subscriber.closed(this, closure);
    }

    Set<Assignment> assignments() {
        return session == null ? Collections.emptySet() : session.assignments();
    }
}
