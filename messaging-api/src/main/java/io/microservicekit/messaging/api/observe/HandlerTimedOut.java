package io.microservicekit.messaging.api.observe;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.time.Duration;
import java.util.Objects;

/**
 * A handler runs longer than its timeout. Its lane stays occupied until the call returns, and only its return or exception counts.
 *
 * @param message the message with the attempt that runs
 * @param elapsed how long the call had been running when it was noticed; at least the timeout
 * @param interrupted whether the handler's thread was interrupted for it
 */
public record HandlerTimedOut(ReceivedMessage message, Duration elapsed, boolean interrupted) {
    /**
     * Checks that nothing is null.
     *
     * @param message see the component
     * @param elapsed see the component
     * @param interrupted see the component
     */
    public HandlerTimedOut {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(elapsed, "elapsed");
    }
}
