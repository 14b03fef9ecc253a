package io.microservicekit.messaging.core.internal.shared;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** How old the oldest send without an outcome is: counts them by the second they began in, without a lock or an object for each. */
public final class SendAges {
    /** Older ones, more than a quarter of an hour, count as young again. */
    private static final int SECONDS = 1024;

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final AtomicIntegerArray begun = new AtomicIntegerArray(SECONDS);

    /** No sends. */
    public SendAges() {}

    public void begun(long nanos) {
        begun.incrementAndGet(slot(Math.floorDiv(nanos, SECOND)));
    }

    /** The send that began then has its outcome. */
    public void ended(long begunNanos) {
        begun.decrementAndGet(slot(Math.floorDiv(begunNanos, SECOND)));
    }

    private static int slot(long second) {
        return (int) Math.floorMod(second, (long) SECONDS);
    }

    /** Less than a second too much; zero when there is none. */
    public Duration oldest(long nowNanos) {
        long now = Math.floorDiv(nowNanos, SECOND);
        for (int age = SECONDS - 1; age > 0; age--) {
            if (begun.get(slot(now - age)) > 0) {
                return Duration.ofSeconds(age);
            }
        }
        return Duration.ZERO;
    }
}
