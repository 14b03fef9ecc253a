package io.microservicekit.messaging.kafka.internal.shared;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the sends that the driver has taken and not ended. One that the limit of a close cut off is never ended, so that it stays counted. */
public final class InFlightSends {
    private final AtomicLong inFlight = new AtomicLong();

    /** None in flight. */
    public InFlightSends() {}

    public void taken() {
        inFlight.incrementAndGet();
    }

    /** One ended, in time or with what it was to hear. */
    public void ended() {
        inFlight.decrementAndGet();
    }

    /** How many have no confirmation: those that the limit cut off, and those that the driver still holds. */
    public long unconfirmed() {
        return inFlight.get();
    }
}
