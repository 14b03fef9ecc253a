package io.microservicekit.messaging.api.observe;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendResult;
import java.util.Objects;

/**
 * A dead letter was confirmed by the broker.
 *
 * @param message the message with its last attempt
 * @param deadLetter where the dead letter went
 */
public record DeadLettered(ReceivedMessage message, SendResult deadLetter) {
    /**
     * Checks that nothing is null.
     *
     * @param message see the component
     * @param deadLetter see the component
     */
    public DeadLettered {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(deadLetter, "deadLetter");
    }
}
