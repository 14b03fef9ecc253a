package io.microservicekit.messaging.api.observe;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.time.Duration;
import java.util.Objects;

/**
 * A dead letter could not be written; the source stays un-acknowledged.
 *
 * @param message the message with its last attempt
 * @param failures how often its dead letter has failed so far, from 1
 * @param delay how long until it is written again
 * @param cause why it could not be written
 */
public record DeadLetterFailed(ReceivedMessage message, int failures, Duration delay, Throwable cause) {
    /**
     * Checks that nothing is null.
     *
     * @param message see the component
     * @param failures see the component
     * @param delay see the component
     * @param cause see the component
     */
    public DeadLetterFailed {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(delay, "delay");
        Objects.requireNonNull(cause, "cause");
    }
}
