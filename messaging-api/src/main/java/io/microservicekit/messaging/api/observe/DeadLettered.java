package io.microservicekit.messaging.api.observe;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendResult;

/**
 * A dead letter was confirmed by the broker.
 *
 * @param message the message with its last attempt
 * @param deadLetter where the dead letter went
 */
public record DeadLettered(ReceivedMessage message, SendResult deadLetter) {}
