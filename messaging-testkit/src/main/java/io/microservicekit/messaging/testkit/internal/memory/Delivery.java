package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import java.util.List;

/** Messages for one call of {@code delivered}. */
record Delivery(Assignment assignment, List<ReceivedMessage> messages) {
    /** As many as Kafka's consumer hands out at once by default. */
    static final int MAX_MESSAGES = 500;

    @Override
    public String toString() {
        return "delivered " + assignment + " " + messages.size() + " from tag "
                + messages.get(0).position().tag();
    }
}
