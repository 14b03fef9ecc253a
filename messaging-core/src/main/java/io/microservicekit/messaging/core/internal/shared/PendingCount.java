package io.microservicekit.messaging.core.internal.shared;

import java.util.concurrent.atomic.AtomicLong;

/** How many of something have begun and not ended. */
public final class PendingCount {
    private final AtomicLong pending = new AtomicLong();

    /** None. */
    public PendingCount() {}

    public void begun() {
        pending.incrementAndGet();
    }

    public void ended() {
        pending.decrementAndGet();
    }

    public long get() {
        return pending.get();
    }
}
