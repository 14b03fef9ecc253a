package io.microservicekit.messaging.testkit;

import io.microservicekit.messaging.api.message.Message;

/**
 * A message as {@link MemoryBroker} keeps it. Immutable; its arrays belong to the sender and must not be written to.
 *
 * @param message the message, always with a timestamp
 * @param partition its partition, from 0; −1 in the queue flavour
 * @param offset its offset in the partition, from 0; −1 in the queue flavour
 */
public record StoredMessage(Message message, int partition, long offset) {}
