package io.microservicekit.messaging.kafka.internal;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;

/** Steps of the poll thread that are tried again in a later turn when the broker cannot do them now. */
final class Attempts {
    private final String group;
    private final System.Logger logger;
    private String warned = "";

    Attempts(String group, System.Logger logger) {
        this.group = group;
        this.logger = logger;
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
        boolean news =
                error instanceof KafkaException kafka && ConsumeFailures.unexpected(kafka) && !text.equals(warned);
        if (news) {
            warned = text;
        }
        return news ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG;
    }
}
