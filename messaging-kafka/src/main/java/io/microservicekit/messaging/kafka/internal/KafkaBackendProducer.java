package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.kafka.internal.RenewedDriver.Driver;
import io.microservicekit.messaging.kafka.internal.shared.CloseSignal;
import io.microservicekit.messaging.kafka.internal.shared.Impediment;
import io.microservicekit.messaging.kafka.internal.shared.InFlightSends;
import io.microservicekit.messaging.kafka.internal.shared.LostTask;
import io.microservicekit.messaging.kafka.internal.shared.OrderedSendGate;
import io.microservicekit.messaging.kafka.internal.shared.PendingSend;
import io.microservicekit.messaging.kafka.internal.shared.Refusal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A driver producer behind the send gate. */
final class KafkaBackendProducer implements BackendProducer {
    /** What the driver may need beyond the limit of a close to end what it holds. */
    private static final Duration FORCED_END = Duration.ofMillis(50);
    /** How long whoever tells outcomes may take for one until another thread tells the next, and how many may hang so. */
    private static final Duration TELLING = Duration.ofMillis(10);

    private static final int MOST_TELLERS = 8;

    private static final Duration SWEEP = Duration.ofSeconds(5);

    private final RenewedDriver driver;
    private final ClientRuntime runtime;
    private final String name;
    private final SendLimits limits;
    private final Loop loop;
    private final Loop control;
    private final OrderedSendGate gate;
    private final InFlightSends inFlight = new InFlightSends();
    private final LostTask sweep = new LostTask();
    private final CloseSignal closing = new CloseSignal();
    private final CompletableFuture<Long> closed;
    private final CompletableFuture<Void> told;
    private boolean isClosingDriver; // touched on the loop only

    /** The loop comes first: when the client is being closed there is none, and then no driver is left behind. */
    KafkaBackendProducer(Supplier<Driver> making, ClientRuntime runtime, String name, SendLimits limits, Loop control) {
        this.runtime = runtime;
        this.control = control;
        this.name = name;
        this.limits = limits;
        this.loop = runtime.loop(name);
        this.driver = opened(making);
        this.gate = new OrderedSendGate(this::trySend, this::refusal, loop, runtime::nanoTime);
        this.closed = runtime.future();
        this.told = runtime.future();
        sweepLater();
    }

    private RenewedDriver opened(Supplier<Driver> making) {
        try {
            return new RenewedDriver(making, new Reopening(runtime, name, loop), limits.request());
        } catch (RuntimeException | Error e) {
            loop.close();
            throw e;
        }
    }

    @Override
    public CompletableFuture<SendResult> send(Message message, Duration timeout) {
        PendingSend send = pending(message, timeout);
        if (closing.isGiven()) {
            send.refused(SendFailures.of(send.topic(), Refusal.CLOSED));
        } else {
            gate.send(send);
        }
        return send.future();
    }

    @Override
    public @Nullable MessagingException refusal(Message message) {
        return limits.problem(message);
    }

    @Override
    public @Nullable String impediment() {
        sweepIfLost();
        gate.resume();
        Impediment impediment = driver.impediment();
        return impediment == null ? null : impediment.text();
    }

    @Override
    public CompletableFuture<Long> close(Duration limit) {
        long deadline = runtime.nanoTime() + Nanos.of(limit);
        // Again for an earlier end: the driver is then closed a second time, which ends what it holds by the new limit.
        if (closing.atTheLatest(deadline)) {
            loop.housekeeping(limit.plus(FORCED_END), this::closed);
            Loop.Timer forced = control.housekeeping(limit.plus(FORCED_END).plus(TELLING), () -> force(MOST_TELLERS));
            var unused = told.whenComplete((nothing, error) -> forced.cancel());
            gate.close(limit, this::startClosing);
        }
        return closed;
    }

    private PendingSend pending(Message message, Duration timeout) {
        long timestamp = message.timestampMillis(runtime.clock().millis());
        long deadline = runtime.nanoTime() + Nanos.of(timeout);
        return new PendingSend(message, timestamp, timeout, deadline, runtime.future());
    }

    private boolean trySend(PendingSend send) {
        sweepIfLost();
        RenewedDriver.Opened taker = driver.trySend(send);
        if (taker != null && !send.wasRefused()) {
            watch(send, taker);
        }
        return taker != null;
    }

    /** The driver has it and ends it: with an error from here it would be handed over again. */
    private void watch(PendingSend send, RenewedDriver.Opened taker) {
        try {
            list(send);
        } catch (OutOfMemoryError e) {
            inFlight.unlisted(send);
        }
        try {
            decide(send, taker);
        } catch (OutOfMemoryError e) {
            // It is not ended before the driver does, or the next sweep when it is overdue.
        }
    }

    private void list(PendingSend send) {
        long number = inFlight.taken(send);
        var unused = send.future().whenComplete((result, error) -> ended(number, error));
    }

    private void decide(PendingSend send, RenewedDriver.Opened taker) {
        if (inFlight.isGivenUp()) {
            abandon(send);
        } else if (driver.hasDeserted(taker)) {
            // Those that it held were looked for before this one was among them.
            desert(send);
        } else {
            decideInTime(send);
        }
    }

    private static void desert(PendingSend send) {
        send.failed(SendFailures.deserted(send.topic()));
    }

    private static void abandon(PendingSend send) {
        send.failed(SendFailures.abandoned(send.topic()));
    }

    private MessagingException refusal(String topic, Refusal refusal) {
        if (refusal == Refusal.CUT_OFF) {
            inFlight.cutOff();
        }
        Impediment impediment = refusal == Refusal.EXPIRED ? driver.impediment() : null;
        return impediment == null ? SendFailures.of(topic, refusal) : SendFailures.expired(topic, impediment);
    }

    private void decideInTime(PendingSend send) {
        if (limits.decidedTooLate(send) && !send.future().isDone()) {
            Duration remaining = Duration.ofNanos(Math.max(0, send.remainingNanos(runtime.nanoTime())));
            Loop.Timer timer = loop.schedule(remaining, () -> send.failed(SendFailures.undecided(send.topic())));
            var unused = send.future().whenComplete((result, error) -> timer.cancel());
        }
    }

    /**
     * Ends what the driver will never answer: an error that it does not catch ends its thread, which is replaced, and a wall clock that is set back stops
     * its expiry. Each send costs nothing for it, and a look at all of them now and then is cheap.
     */
    private void sweep() {
        try {
            driver.replaceIfEnded(this::endHeld);
            long now = runtime.nanoTime();
            inFlight.matching(send -> limits.isOverdue(send, now))
                    .forEach(send -> send.failed(SendFailures.unanswered(send.topic())));
            gate.resume();
        } finally {
            sweepLater();
        }
    }

    private void sweepLater() {
        try {
            loop.housekeeping(SWEEP, this::sweep);
        } catch (OutOfMemoryError e) {
            sweep.loses();
        }
    }

    private void sweepIfLost() {
        if (sweep.isToBeMadeUpFor()) {
            sweepLater();
        }
    }

    private void endHeld() {
        inFlight.matching(send -> true).forEach(KafkaBackendProducer::desert);
    }

    /** What fails after the limit stays counted. What fails earlier has another reason: the broker's refusal, or its own timeout. */
    private void ended(long number, @Nullable Throwable error) {
        if (error == null || !closing.isOver(runtime.nanoTime())) {
            inFlight.confirmed(number);
        } else {
            inFlight.endedLate(number);
        }
    }

    /** Where no thread can be had, it ends here at once, with what it holds: it would go on sending what was told to be unknown. */
    private void startClosing() {
        isClosingDriver = true;
        if (!new Reopening(runtime, name, loop).onThread("-close", this::closeDriver)) {
            closeDriver(Duration.ZERO);
        }
    }

    /** Blocks, hence on a thread of its own. */
    private void closeDriver() {
        closeDriver(wholeMillis(closing.remainingNanos(runtime.nanoTime())));
    }

    private void closeDriver(Duration limit) {
        try {
            driver.close(limit);
        } finally {
            loop.execute(this::closed);
        }
    }

    /** Rounded up: the driver cuts off the rest of a millisecond, and would end sends before the limit has passed. */
    private static Duration wholeMillis(long nanos) {
        return Duration.ofMillis(Duration.ofNanos(nanos).plusNanos(999_999).toMillis());
    }

    /** Whatever the driver has not ended by now ends here: each send ends, also when the driver hangs. */
    private void closed() {
        if (!isClosingDriver) { // there was no memory to come to that
            startClosing();
        }
        giveUp();
        gate.endings().tellAll();
        loop.close();
        told.complete(null);
    }

    private void giveUp() {
        gate.giveUp(KafkaBackendProducer::abandon);
        long unconfirmed = inFlight.unconfirmed();
        inFlight.giveUp().forEach(send -> gate.endings().add(() -> abandon(send)));
        closed.complete(unconfirmed);
    }

    /** The producer's own loop should have ended all by now. It hangs when a continuation of the user's does: then others tell the rest. */
    private void force(int tellers) {
        boolean first = !closed.isDone();
        giveUp();
        Reopening threads = new Reopening(runtime, name, control);
        if (first) {
            boolean unused = threads.onThread("-close", this::closeDriver);
        }
        if (tellers > 0 && !gate.endings().isEmpty() && threads.onThread("-end", gate.endings()::tellAll)) {
            control.housekeeping(TELLING, () -> force(tellers - 1));
        }
    }
}
