package io.microservicekit.messaging.kafka.internal.shared;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the sends that the driver has taken and not ended, and those that the limit of a close cut off. */
public final class InFlightSends {
    private final AtomicLong inFlight = new AtomicLong();
    private final AtomicLong cutOff = new AtomicLong();

    /** None in flight. */
    public InFlightSends() {}

    public void taken() {
        inFlight.incrementAndGet();
    }

    /** One ended, in time or with what it was to hear. */
    public void ended() {
        inFlight.decrementAndGet();
    }

    /** One ended unconfirmed after the limit of a close. */
    public void endedTooLate() {
        cutOff.incrementAndGet();
        inFlight.decrementAndGet();
    }

    /** One that the driver never took was cut off by the limit of a close. */
    public void cutOff() {
        cutOff.incrementAndGet();
    }

    /** How many have no confirmation although the limit has passed: those that ended so, and those that the driver still holds. */
    public long unconfirmed() {
        return cutOff.get() + inFlight.get();
    }
}
