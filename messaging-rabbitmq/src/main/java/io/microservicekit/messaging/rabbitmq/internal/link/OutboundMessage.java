package io.microservicekit.messaging.rabbitmq.internal.link;

import io.microservicekit.messaging.api.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * A message as it is to be published.
 *
 * @param exchange where to, empty for the default exchange
 * @param routingKey the routing key
 * @param message the content
 * @param timestampMillis when it was made: the message's own time, or that of its send
 * @param publishMark written as header {@code x-publish-seq} to recognise a return; null for none, and then the broker is not asked to return it
 */
public record OutboundMessage(
        String exchange,
        String routingKey,
        Message message,
        long timestampMillis,
        @Nullable String publishMark) {}
