package io.microservicekit.messaging.kafka.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;

/** Steps of the poll thread that are tried again in a later turn when the broker cannot do them now. */
final class Attempts {
    /** After how long the same is warned of again, and of how much is warned in that time: texts may hold what is new each time. */
    private static final long AGAIN_NANOS = Duration.ofMinutes(5).toNanos();

    private static final int MOST = 16;

    private final String group;
    private final System.Logger logger;
    private final LongSupplier nanoTime;
    private final Map<String, Long> warned = new LinkedHashMap<>();

    Attempts(String group, System.Logger logger, LongSupplier nanoTime) {
        this.group = group;
        this.logger = logger;
        this.nanoTime = nanoTime;
    }

    /** Whether the step was done; throws what a later attempt would not mend. */
    boolean attempt(String what, Runnable step) {
        try {
            step.run();
            return true;
        } catch (RetriableException | RebalanceInProgressException | CommitFailedException e) {
            log(what, e);
            return false;
        }
    }

    /** The same for who waits before it asks again: also what nobody expects is worth another attempt then. */
    boolean attemptPatiently(String what, Runnable step) {
        try {
            return attempt(what, step);
        } catch (KafkaException e) {
            if (!ConsumeFailures.unexpected(e)) {
                throw e;
            }
            log(what, e);
            return false;
        }
    }

    void log(String what, Throwable error) {
        String text = what + " in group '" + group + "' failed: " + error + ".";
        logger.log(level(error, text), text);
    }

    /** What nobody expects is warned of, but not each time that it is tried again. */
    private System.Logger.Level level(Throwable error, String text) {
        if (error instanceof Error) {
            return System.Logger.Level.ERROR;
        }
        boolean unexpected = error instanceof KafkaException kafka && ConsumeFailures.unexpected(kafka);
        return unexpected && isNews(text) ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG;
    }

    private boolean isNews(String text) {
        long now = nanoTime.getAsLong();
        warned.values().removeIf(at -> now - at >= AGAIN_NANOS);
        return warned.size() < MOST && warned.putIfAbsent(text, now) == null;
    }
}
