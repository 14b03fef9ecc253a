package io.microservicekit.messaging.it.accounting;

import java.util.List;
import java.util.Map;

/**
 * What the broker holds after the run was drained.
 *
 * @param remaining by queue or partition, what is not consumed: lag, ready and unacknowledged messages
 * @param deadLetters all dead letters with their copies
 */
public record EndState(Map<String, Long> remaining, List<MessageId> deadLetters) {
    public EndState {
        remaining = Map.copyOf(remaining);
        deadLetters = List.copyOf(deadLetters);
    }
}
