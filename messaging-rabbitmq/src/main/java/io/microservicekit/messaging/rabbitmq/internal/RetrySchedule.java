package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When a connection is attempted again. Confined to the loop of the connection. */
final class RetrySchedule {
    /** Accounts are locked by many refused logins. */
    private static final Duration BETWEEN_LOGINS = Duration.ofSeconds(30);

    private final Loop loop;
    private final BackOff backOff;
    private final Runnable attempt;
    private Loop.@Nullable Timer timer;

    /**
     * Nothing is due.
     *
     * @param attempt run on the loop when one is due
     */
    RetrySchedule(Loop loop, BackOff backOff, Runnable attempt) {
        this.loop = loop;
        this.backOff = backOff;
        this.attempt = attempt;
    }

    boolean isWaiting() {
        return timer != null;
    }

    void afterFailure() {
        after(backOff.next());
    }

    void afterRefusedLogin() {
        after(BETWEEN_LOGINS.plus(backOff.next()));
    }

    private void after(Duration wait) {
        timer = loop.housekeeping(wait, this::due);
    }

    private void due() {
        timer = null;
        attempt.run();
    }

    /** There was stable use: waits begin anew. */
    void reset() {
        backOff.reset();
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
