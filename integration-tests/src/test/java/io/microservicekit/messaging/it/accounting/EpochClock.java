package io.microservicekit.messaging.it.accounting;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Microseconds since the epoch that never fall: the wall clock is read once, then the monotonic clock counts. */
final class EpochClock {
    private final long originMicros;
    private final long originNanos;

    EpochClock() {
        long narrowest = Long.MAX_VALUE;
        long bestMicros = 0;
        long bestNanos = 0;
        // A pause between the two readings would shift this process against the others: keep the closest pair.
        for (int i = 0; i < 8; i++) {
            long before = System.nanoTime();
            long wall = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
            long after = System.nanoTime();
            if (after - before < narrowest) {
                narrowest = after - before;
                bestMicros = wall;
                bestNanos = before + (after - before) / 2;
            }
        }
        this.originMicros = bestMicros;
        this.originNanos = bestNanos;
    }

    long micros() {
        return originMicros + (System.nanoTime() - originNanos) / 1_000;
    }
}
