package io.microservicekit.messaging.rabbitmq.internal.driver;

import java.time.Duration;

/** The time of an attempt, shared by its addresses: one that is silent leaves the others their part of it. Confined to the thread of the attempt. */
final class Shares {
    private final long wholeNanos;
    private final int addresses;
    private final long startNanos;
    private int asked;

    /** Of a whole, from now on. */
    Shares(Duration whole, int addresses, long nowNanos) {
        this.wholeNanos = whole.toNanos();
        this.addresses = addresses;
        this.startNanos = nowNanos;
    }

    /** What the next one may take: an equal part of what is left, and half of an equal part of the whole when others took more than theirs. */
    Duration next(long nowNanos) {
        int left = addresses - asked++;
        long fair = (wholeNanos - (nowNanos - startNanos)) / left;
        return Duration.ofNanos(Math.max(fair, wholeNanos / (2L * addresses)));
    }
}
