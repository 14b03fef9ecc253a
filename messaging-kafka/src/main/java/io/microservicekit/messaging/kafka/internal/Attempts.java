package io.microservicekit.messaging.kafka.internal;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;

/** Steps of the poll thread that are tried again in a later turn when the broker cannot do them now. */
final class Attempts {
    private final String group;
    private final System.Logger logger;

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

    void log(String what, Throwable error) {
        System.Logger.Level level = error instanceof Error ? System.Logger.Level.ERROR : System.Logger.Level.DEBUG;
        logger.log(level, what + " in group '" + group + "' failed: " + error + ".");
    }
}
