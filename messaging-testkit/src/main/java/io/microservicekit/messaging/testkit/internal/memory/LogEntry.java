package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.message.Message;

/**
 * A message as the broker keeps it.
 *
 * @param message the message, with its timestamp
 * @param partition its partition, −1 in the queue flavour
 * @param offset its offset, −1 in the queue flavour
 */
public record LogEntry(Message message, int partition, long offset) {}
