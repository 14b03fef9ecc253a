package io.microservicekit.messaging.api.observe;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.time.Duration;
import java.util.Objects;

/**
 * A failed message will be tried again; meanwhile its lane is parked and other lanes flow.
 *
 * @param message the message with the attempt that failed
 * @param retry the number of the coming retry, from 1
 * @param delay how long until it is tried again
 * @param cause what the handler threw
 */
public record RetryScheduled(ReceivedMessage message, int retry, Duration delay, Throwable cause) {
    /**
     * Checks that nothing is null.
     *
     * @param message see the component
     * @param retry see the component
     * @param delay see the component
     * @param cause see the component
     */
    public RetryScheduled {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(delay, "delay");
        Objects.requireNonNull(cause, "cause");
    }
}
