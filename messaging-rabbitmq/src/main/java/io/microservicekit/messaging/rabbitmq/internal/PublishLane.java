package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.BrokerConnection;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.PublishingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import io.microservicekit.messaging.rabbitmq.internal.link.SharedConnection;
import io.microservicekit.messaging.rabbitmq.internal.shared.Impediment;
import io.microservicekit.messaging.rabbitmq.internal.shared.PendingSend;
import io.microservicekit.messaging.rabbitmq.internal.shared.SendWindow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends on one channel after the other, in order. Whatever ends a channel ends what it may have written as unknown, before there is another one; what
 * waits goes on with that. Everything but {@link #send} on the loop of the connection.
 */
final class PublishLane {
    /** How long a channel must have lived for the troubles before it to be forgotten. */
    private static final Duration STABLE = Duration.ofSeconds(30);

    private final SharedConnection shared;
    private final ClientRuntime runtime;
    private final Loop loop;
    private final PublishOutcomes outcomes;
    private final boolean confirms;
    private final Preparation preparation;
    private final Runnable whenStable;
    private final SendWindow window;
    private final Deadlines deadlines;
    private final BackOff backOff;
    private final CompletableFuture<Void> closed;
    private final Impediment impediment = new Impediment(null);

    // Touched on the loop only.
    private @Nullable BrokerConnection connection;
    private @Nullable PublishingChannel channel;
    private @Nullable Closure lastTrouble;
    private @Nullable String alarm;
    private @Nullable MessagingException failure;
    private Loop.@Nullable Timer again;
    private Loop.@Nullable Timer limitOfClose;
    private long epoch;
    private boolean wanted;
    private boolean opening;
    /** Whether all that was written on the channel is answered or still waited for. */
    private boolean allKnown;

    private boolean closing;
    private long unconfirmed;

    /**
     * How a lane differs from others.
     *
     * @param confirms whether the broker confirms messages
     * @param openAtOnce whether its channel is opened before there is a message
     * @param preparation what each channel needs to be there
     */
    record Kind(boolean confirms, boolean openAtOnce, Preparation preparation) {}

    PublishLane(
            SharedConnection shared, ClientRuntime runtime, PublishOutcomes outcomes, Kind kind, Runnable whenStable) {
        this.shared = shared;
        this.runtime = runtime;
        this.loop = shared.loop();
        this.outcomes = outcomes;
        this.confirms = kind.confirms();
        this.preparation = kind.preparation();
        this.wanted = kind.openAtOnce();
        this.whenStable = whenStable;
        this.window = new SendWindow(() -> loop.execute(this::arm), () -> loop.execute(this::finishWhenIdle));
        this.backOff = new BackOff(runtime.random("rabbitmq-channel"));
        this.closed = runtime.future();
        this.deadlines = new Deadlines(runtime, loop, window, this::sweep);
        if (!wanted) {
            window.open(epoch, () -> loop.execute(this::want), 1);
        }
    }

    /** From any thread. */
    void send(PendingSend send) {
        if (!window.add(send)) {
            send.failed(SendFailures.closed(send));
        }
    }

    private void want() {
        wanted = true;
        openChannel();
    }

    void connected(BrokerConnection present) {
        connection = present;
        failure = null;
        tell();
        openChannel();
    }

    /** Its channel says so too, but may be heard of later than what comes of this end. */
    void disconnected(Closure closure) {
        try {
            ended(epoch, closure);
        } finally {
            connection = null;
            failure = null;
            blocked(null);
        }
    }

    void blocked(@Nullable String reason) {
        alarm = reason;
        window.hold(reason != null);
        tell();
        if (again == null) {
            openChannel();
        }
    }

    /** Tells health checks; that there is no connection they hear from it. */
    private void tell() {
        MessagingException cause = failure;
        if (cause != null) {
            impediment.say("each send fails with " + cause.code() + " (" + cause.getMessage() + ")");
        } else {
            boolean well = connection == null || (channel != null && alarm == null);
            impediment.say(well ? null : obstacle());
        }
    }

    /** As {@link RabbitMqProducer#impediment()}; from any thread. */
    @Nullable String impediment() {
        return impediment.text();
    }

    /** There is no connection, and none can be expected soon: until there is one all that is sent ends at once. */
    void failed(MessagingException cause) {
        connection = null;
        failure = cause;
        wanted = true;
        tell();
        window.open(++epoch, () -> loop.execute(this::failQueued), 1);
    }

    /** What is sent from now on waits for a connection again. */
    void failureChanged() {
        failure = null;
        tell();
    }

    private void failQueued() {
        MessagingException cause = failure;
        if (cause != null) {
            boolean connected = connection != null;
            end(
                    window.takeQueued(),
                    send -> send.failed(
                            connected ? SendFailures.unprepared(send, cause) : SendFailures.impossible(send, cause)));
        }
    }

    private void openChannel() {
        BrokerConnection present = connection;
        // A broker that blocks a connection reads nothing from it: who asks for a channel all the same has one more
        // each time.
        if (present == null || !wanted || alarm != null || opening || channel != null || isClosed()) {
            return;
        }
        opening = true;
        guarded(present, () -> {
            var unused = preparation.on(present).whenComplete((nothing, error) -> {
                if (error == null) {
                    guarded(present, () -> openPrepared(present));
                } else {
                    opening = false;
                    refused(present, error);
                }
            });
        });
    }

    /** Whatever is thrown, it goes on asking. */
    private void guarded(BrokerConnection asked, Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            opening = false;
            refused(asked, e);
        }
    }

    private void openPrepared(BrokerConnection present) {
        long opened = ++epoch;
        PublishSession session = new PublishSession(opened, window, runtime, outcomes, this::endedAnywhere);
        var unused = present.publishingChannel(confirms, session).whenComplete((open, error) -> {
            opening = false;
            guarded(present, () -> {
                if (open == null) {
                    refused(present, error);
                } else if (present != connection || isClosed()) {
                    openChannel();
                } else {
                    opened(opened, session, open);
                }
            });
            if (open != null && open != channel) {
                drop(open);
            }
        });
    }

    private void opened(long opened, PublishSession session, PublishingChannel open) {
        Runnable pump = confirms ? () -> session.pump(open) : () -> session.pumpUnconfirmed(open);
        Runnable wake = () -> open.worker().execute(pump);
        var unused = loop.housekeeping(STABLE, () -> stable(opened));
        // Together, after what may lack memory: with a channel that nobody writes to there would be no other.
        channel = open;
        allKnown = true;
        failure = null;
        // After a refusal one message at a time, so that the next refusal says which message it means.
        window.open(opened, wake, lastTrouble == null ? Integer.MAX_VALUE : 1);
        tell();
    }

    private void stable(long opened) {
        if (opened == epoch && channel != null) {
            lastTrouble = null;
            backOff.reset();
            whenStable.run();
        }
    }

    private void refused(BrokerConnection asked, @Nullable Throwable error) {
        if (asked != connection) {
            openChannel();
        } else if (error instanceof MessagingException unprepared) {
            unprepared(unprepared);
        } else {
            Closure closure = error instanceof RefusedException refused
                    ? refused.closure()
                    : new Closure(Closure.Kind.DRIVER, 0, String.valueOf(error), false, error);
            retry(closure, backOff.next());
        }
    }

    /** Nothing that is sent now can be delivered; that may change, so it goes on asking. */
    private void unprepared(MessagingException cause) {
        failure = cause;
        tell();
        window.open(++epoch, () -> loop.execute(this::failQueued), 1);
        openLater(backOff.next());
    }

    private void retry(Closure closure, Duration wait) {
        lastTrouble = closure;
        failure = null;
        tell();
        openLater(wait);
    }

    /** One timer, whatever asks for it: each would plant another one. */
    private void openLater(Duration wait) {
        if (again != null) {
            again.cancel();
        }
        again = loop.housekeeping(wait, () -> {
            again = null;
            openChannel();
        });
    }

    /** On the loop by the channel, on its worker when a write failed. */
    private void endedAnywhere(long ended, Closure closure) {
        loop.execute(() -> ended(ended, closure));
    }

    private void ended(long ended, Closure closure) {
        PublishingChannel open = channel;
        if (ended != epoch || open == null) {
            return;
        }
        channel = null;
        try {
            List<PendingSend> unanswered = window.lost(ended);
            count(unanswered.size());
            outcomes.lost(unanswered, closure, allKnown);
        } finally { // an Error too: nobody else would ask for a channel
            if (!closure.ofConnection()) {
                // The first time at once: most likely one message was refused, and the next is fine.
                retry(closure, lastTrouble == null ? Duration.ZERO : backOff.next());
            }
            drop(open);
        }
    }

    private static void drop(PublishingChannel open) {
        var unused = open.close(Duration.ZERO);
    }

    /** What keeps messages from being written at present, as the middle of a sentence. */
    private @Nullable String obstacle() {
        if (connection == null) {
            return shared.impediment();
        }
        if (alarm != null) {
            return "the broker takes no messages for now (" + Shown.text(alarm) + "), free its memory or disk";
        }
        Closure trouble = lastTrouble;
        return trouble == null
                ? null
                : "its channel was closed (" + trouble.code() + " " + Shown.text(trouble.text()) + ")";
    }

    private void sweep(long now) {
        String obstacle = obstacle();
        SendWindow.Sends late = window.expire(now);
        String reason = obstacle == null ? "others were written before it" : obstacle;
        allKnown &= late.written().isEmpty();
        try {
            end(late.queued(), send -> send.failed(SendFailures.expired(send, reason)));
        } finally {
            end(late.written(), send -> outcomes.unconfirmed(send, obstacle));
        }
    }

    private void end(List<PendingSend> taken, Consumer<PendingSend> outcome) {
        count(taken.size());
        PublishOutcomes.each(taken, outcome);
    }

    private void arm() {
        deadlines.arm();
    }

    private void count(int ended) {
        if (closing) {
            unconfirmed += ended;
        }
    }

    /** Takes no more sends; from any thread. */
    void refuseSends() {
        window.close();
    }

    /** Ends what has no outcome by the limit; then the channel. Again for an earlier end. */
    CompletableFuture<Void> close(Duration limit) {
        closing = true;
        window.close();
        if (limitOfClose != null) {
            limitOfClose.cancel();
        }
        if (!isClosed()) {
            limitOfClose = loop.schedule(limit, this::cutOff);
        }
        return closed;
    }

    /** How many sends ended without a confirmation since the close began. */
    long unconfirmed() {
        return unconfirmed;
    }

    private void cutOff() {
        try {
            end(window.takeQueued(), send -> send.failed(SendFailures.closed(send)));
        } finally {
            end(window.lost(epoch), outcomes::abandoned);
        }
        finishWhenIdle();
    }

    private void finishWhenIdle() {
        if (!closing || isClosed() || !window.isOver()) {
            return;
        }
        if (limitOfClose != null) {
            limitOfClose.cancel();
        }
        PublishingChannel open = channel;
        channel = null;
        if (open != null) {
            drop(open);
        }
        closed.complete(null);
    }

    private boolean isClosed() {
        return closed.isDone();
    }
}
