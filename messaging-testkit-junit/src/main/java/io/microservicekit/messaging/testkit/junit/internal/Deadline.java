package io.microservicekit.messaging.testkit.junit.internal;

import java.time.Duration;
import java.util.function.Supplier;

/** How long a test is willing to wait for a broker. */
public final class Deadline {
    private static final long PAUSE_MILLIS = 20;

    private final Duration limit;
    private final long end;

    private Deadline(Duration limit) {
        this.limit = limit;
        this.end = System.nanoTime() + limit.toNanos();
    }

    /** A deadline that begins now. */
    public static Deadline in(Duration limit) {
        return new Deadline(limit);
    }

    Duration limit() {
        return limit;
    }

    /** Waits a moment before the next attempt, or throws what the supplier gives when the time is over. */
    void pauseOr(Supplier<? extends RuntimeException> failure) {
        if (System.nanoTime() - end >= 0) {
            throw failure.get();
        }
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw interrupted("waiting for a broker", e);
        }
    }

    static IllegalStateException interrupted(String attempt, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new IllegalStateException(attempt + " failed: this thread was interrupted", cause);
    }
}
