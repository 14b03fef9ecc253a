package io.microservicekit.messaging.kafka.internal;

import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * Polls that fail for a reason for which the driver has no name: a broker that answers something unexpected. The next one may
 * succeed, so it is tried; but a driver that does not come out of it by itself is only helped by another one, so not without end. On the poll thread.
 */
final class Recovery {
    /** How long polls may fail one after the other before the subscription ends. */
    static final Duration AT_MOST = Duration.ofMinutes(5);

    private static final long TOLD_NANOS = Duration.ofSeconds(5).toNanos();
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final Attempts attempts;
    private @Nullable Long since;
    private Duration pause = FIRST_PAUSE;

    Recovery(Attempts attempts) {
        this.attempts = attempts;
    }

    /** The pause before the next attempt. Throws what another attempt would not mend, or has not for too long. */
    Duration failed(KafkaException error, long now) {
        if (error instanceof RetriableException) {
            attempts.log("Polling", error);
            return Duration.ZERO;
        }
        long begun = since == null ? now : since;
        if (!ConsumeFailures.unexpected(error) || now - begun >= AT_MOST.toNanos()) {
            throw error;
        }
        since = begun;
        attempts.log("Polling", error);
        Duration next = pause;
        Duration longer = next.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        return next;
    }

    /** A poll has succeeded. */
    void succeeded() {
        since = null;
        pause = FIRST_PAUSE;
    }

    /** That polls have been failing for some time, null when they have not. */
    @Nullable String impediment(long now) {
        Long begun = since;
        return begun == null || now - begun < TOLD_NANOS
                ? null
                : "its polls have been failing for "
                        + Duration.ofNanos(now - begun).toSeconds()
                        + " s for a reason that the driver has no name for, see the log; they are"
                        + " tried again, and it ends when that has lasted for " + AT_MOST.toSeconds() + " s";
    }
}
