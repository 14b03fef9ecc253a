package io.microservicekit.messaging.testkit;

import io.microservicekit.messaging.api.message.Message;
import java.util.Objects;

/**
 * A message as {@link MemoryBroker} keeps it. Immutable; its arrays belong to the sender and must not be written to.
 *
 * @param message the message, always with a timestamp
 * @param partition its partition, from 0; −1 in the queue flavour
 * @param offset its offset in the partition, from 0; −1 in the queue flavour
 */
public record StoredMessage(Message message, int partition, long offset) {
    /**
     * Checks that the message is not null.
     *
     * @param message see the component
     * @param partition see the component
     * @param offset see the component
     */
    public StoredMessage {
        Objects.requireNonNull(message, "message");
    }
}
