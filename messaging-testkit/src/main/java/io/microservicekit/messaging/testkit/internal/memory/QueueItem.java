package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.message.Message;

/** A message in a queue; its number keeps its place when it comes back. Guarded by the broker's lock. */
final class QueueItem {
    final long number;
    final Message message;
    boolean redelivered;

    QueueItem(long number, Message message) {
        this.number = number;
        this.message = message;
    }
}
