package io.microservicekit.messaging.api.observe;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.Objects;

/**
 * No further attempt is due for a message: its retries are used up, or its error is not to be retried.
 *
 * @param message the message with its last attempt
 * @param cause what the handler threw last
 */
public record MessageExhausted(ReceivedMessage message, Throwable cause) {
    /**
     * Checks that nothing is null.
     *
     * @param message see the component
     * @param cause see the component
     */
    public MessageExhausted {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(cause, "cause");
    }
}
