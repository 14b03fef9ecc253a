package io.microservicekit.messaging.kafka.internal.shared;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the sends that have no confirmation: those that the driver has taken and not ended, and those that the limit of a close cut off. */
public final class InFlightSends {
    private final AtomicLong unconfirmed = new AtomicLong();

    /** None in flight. */
    public InFlightSends() {}

    public void taken() {
        unconfirmed.incrementAndGet();
    }

    /** One ended, in time or with what it was to hear; one that ends later than that stays counted. */
    public void ended() {
        unconfirmed.decrementAndGet();
    }

    /** One that the driver never took was cut off by the limit of a close. */
    public void cutOff() {
        unconfirmed.incrementAndGet();
    }

    public long unconfirmed() {
        return unconfirmed.get();
    }
}
