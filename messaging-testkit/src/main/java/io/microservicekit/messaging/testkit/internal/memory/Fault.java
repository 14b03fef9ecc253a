package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.message.SendOutcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one send.
 *
 * @param outcome what the sender learns
 * @param copies how often the message is stored
 * @param delay how long the confirmation takes; null when it never comes
 */
record Fault(SendOutcome outcome, int copies, @Nullable Duration delay) {
    static final Fault NONE = new Fault(SendOutcome.DELIVERED, 1, Duration.ZERO);
    static final Fault NOT_DELIVERED = new Fault(SendOutcome.NOT_DELIVERED, 0, Duration.ZERO);
    static final Fault UNKNOWN = new Fault(SendOutcome.UNKNOWN, 0, Duration.ZERO);
    static final Fault CONFIRM_LOST = new Fault(SendOutcome.UNKNOWN, 1, null);
    static final Fault TWICE = new Fault(SendOutcome.DELIVERED, 2, Duration.ZERO);

    static Fault confirmedAfter(Duration delay) {
        return new Fault(SendOutcome.DELIVERED, 1, delay);
    }
}
