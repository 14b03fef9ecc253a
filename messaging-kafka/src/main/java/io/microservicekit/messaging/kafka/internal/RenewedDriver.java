package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.kafka.internal.shared.DriverSlot;
import io.microservicekit.messaging.kafka.internal.shared.FirstTime;
import io.microservicekit.messaging.kafka.internal.shared.Impediment;
import io.microservicekit.messaging.kafka.internal.shared.PendingSend;
import io.microservicekit.messaging.kafka.internal.shared.Proof;
import io.microservicekit.messaging.kafka.internal.shared.SendDriver;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The driver of one producer, made anew where it is of no use: a driver whose first connection a broker refused never sends, one whose thread was ended by
 * an error does not any more, and none is made while no name of a broker can be resolved. Meanwhile it takes nothing, so messages wait in their order.
 */
final class RenewedDriver {
    private static final Impediment REFUSED = new Impediment(
            ErrorCode.AUTHENTICATION,
            "the brokers refuse its connections, by SASL or TLS: check mechanism, user, password and certificates");

    private static final Impediment ENDED = new Impediment(
            ErrorCode.TIMEOUT,
            "its driver is being replaced, whose sending thread was ended by an error (look for an OutOfMemoryError in the log)");

    private final Supplier<Driver> making;
    private final Reopening reopening;
    /** As long as a request may take: what has not been sent by then is not sent by a driver that may be stuck. */
    private final Duration held;

    private final DriverSlot<Opened> slot = new DriverSlot<>();

    /** What sends, how it is closed (blocking up to a limit, after which it ends what it holds), and what it has done. */
    record Driver(SendDriver sending, Consumer<Duration> closing, DriverFacts facts) {}

    /**
     * A driver, how long to wait before the next one should this one be of no use, whether it has sent, since when it may hold a message, and since when it
     * is there.
     */
    record Opened(Driver driver, Duration pause, Proof sent, FirstTime holding, long since) {

        boolean isAccepted() {
            return driver.facts().acceptance().getAsBoolean();
        }

        boolean hasEnded() {
            return driver.facts().ended().getAsBoolean();
        }

        /** After a driver that was of use the next one is useful soon: at once, but not one after the other. */
        Duration pauseAfter(long now) {
            if (!wasOfUse(now - since)) {
                return pause;
            }
            Duration left = Reopening.FIRST_PAUSE.minusNanos(now - since);
            return left.isNegative() ? Duration.ZERO : left;
        }

        /** What ends a thread says nothing against the next one; without SASL and TLS a broker is never seen to accept any. */
        private boolean wasOfUse(long age) {
            return hasEnded() || isAccepted() || age > Reopening.LONGEST_PAUSE.toNanos();
        }
    }

    /**
     * Makes the first one here.
     *
     * @throws MessagingException when it cannot be made, unless it is a matter of time
     */
    RenewedDriver(Supplier<Driver> making, Reopening reopening, Duration held) {
        this.making = making;
        this.reopening = reopening;
        this.held = held;
        try {
            slot.put(opened(Reopening.FIRST_PAUSE));
        } catch (BackendUnavailableException e) {
            slot.impeded(unavailable(e));
            openAfter(Reopening.FIRST_PAUSE);
        }
    }

    /**
     * Looked at before it gets the message: the one that may be stuck is replaced while the message waits. Tells which one took it, null when none did.
     */
    @Nullable Opened trySend(PendingSend send) {
        Opened seen = slot.driver();
        if (seen != null) {
            watch(seen, true);
        }
        Opened now = slot.driver();
        if (now == null) {
            openIfLost();
            return null;
        }
        // A driver that has sent is never in doubt again, and its counters are not asked for each message.
        if (!now.sent().isGiven() && now.isAccepted()) {
            // Before that it knows no topic and takes nothing.
            now.holding().happens(reopening.nanoTime());
        }
        return now.driver().sending().trySend(send) ? now : null;
    }

    /** Whether {@link #replaceIfEnded} has taken a driver out, maybe before it was known what that one had taken. */
    boolean hasDeserted(Opened taker) {
        return !slot.isIn(taker) && taker.hasEnded();
    }

    /** What keeps messages from the broker, null when nothing does; from any thread. */
    @Nullable Impediment impediment() {
        Opened now = slot.driver();
        if (now != null && now.hasEnded() && !slot.isClosed()) {
            return ENDED;
        }
        if (now == null) {
            openIfLost();
        } else {
            watch(now, false);
        }
        return slot.impediment();
    }

    /**
     * Replaces a driver whose thread has ended. What it holds is ended before another one takes anything, so what is sent after that outcome follows it.
     * Nobody is left who could send it later, but for what the system still has of a connection.
     */
    void replaceIfEnded(Runnable endingHeld) {
        Opened now = slot.driver();
        if (now == null) {
            openIfLost();
        } else if (now.hasEnded() && slot.takeOut(now, ENDED)) {
            try {
                endingHeld.run();
            } finally {
                renew(now);
            }
        }
    }

    /** Closes the last driver, and no other follows. Called again it closes it again, by the new limit. */
    void close(Duration limit) {
        Opened last = slot.close();
        if (last != null) {
            last.driver().closing().accept(limit);
        }
    }

    private void watch(Opened now, boolean sending) {
        boolean sent = now.sent().isGiven();
        if (!sent && now.driver().facts().mayBeStuck()) {
            replaceUnlessHolding(now, sending);
        } else if (slot.impediment() != null && (sent || now.isAccepted())) {
            slot.works(now);
        }
    }

    /**
     * One that was accepted may just as well be idle, with a broker that refused to be connected anew: it is replaced only for a message that comes,
     * and with the messages that it holds only when it has not sent them in time.
     */
    private void replaceUnlessHolding(Opened now, boolean sending) {
        if ((sending || !now.isAccepted()) && now.holding().isNeverOrOver(reopening.nanoTime(), held)) {
            replace(now);
        }
    }

    private void replace(Opened useless) {
        if (slot.takeOut(useless, REFUSED)) {
            renew(useless);
        }
    }

    private void renew(Opened useless) {
        try {
            end(useless.driver());
        } finally {
            openAgain(useless);
        }
    }

    private void openAgain(Opened useless) {
        try {
            openAfter(useless.pauseAfter(reopening.nanoTime()));
        } catch (OutOfMemoryError e) {
            reopening.loses();
        }
    }

    private void end(Driver useless) {
        Runnable ending = () -> useless.closing().accept(Duration.ZERO);
        try {
            if (!reopening.onThread("-end", ending)) {
                ending.run();
            }
        } catch (Throwable e) {
            // As of what ended it: neither a message nor the next driver waits for this one.
        }
    }

    private void openAfter(Duration pause) {
        try {
            Duration next = Reopening.longer(pause);
            reopening.after(pause, () -> open(next));
        } catch (OutOfMemoryError e) {
            reopening.loses();
        }
    }

    private void openIfLost() {
        if (!slot.isClosed() && reopening.hasLost()) {
            openAfter(Reopening.FIRST_PAUSE);
        }
    }

    private Opened opened(Duration nextPause) {
        Driver made = making.get();
        try {
            Proof sent = new Proof(made.facts().attempted());
            return new Opened(made, nextPause, sent, new FirstTime(), reopening.nanoTime());
        } catch (Throwable e) {
            end(made);
            throw e;
        }
    }

    /** Looks names up, hence on a thread of its own. Whatever is in the way, memory most of all, may be gone later, and nobody else opens one. */
    private void open(Duration nextPause) {
        boolean over = false;
        try {
            Opened made = opened(nextPause);
            place(made);
            over = true;
            if (!REFUSED.equals(slot.impediment())) {
                slot.works(made);
            }
        } catch (Throwable e) {
            slot.impeded(unavailable(e));
        } finally {
            if (!over) {
                openAfter(nextPause);
            }
        }
    }

    private void place(Opened made) {
        boolean placed = false;
        try {
            placed = slot.put(made);
        } finally {
            if (!placed) {
                end(made.driver());
            }
        }
    }

    private static Impediment unavailable(Throwable error) {
        return new Impediment(ErrorCode.TIMEOUT, "no driver is opened yet: " + SafeCause.withoutStop(error));
    }
}
