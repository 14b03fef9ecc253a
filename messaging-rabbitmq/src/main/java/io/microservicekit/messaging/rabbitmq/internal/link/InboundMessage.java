package io.microservicekit.messaging.rabbitmq.internal.link;

import io.microservicekit.messaging.api.message.Message;

/**
 * A delivery as the driver gave it, its message already read.
 *
 * @param consumerTag the consumer it was sent to, as {@link ConsumingChannel#consume} named it
 * @param tag the delivery tag, rising by one within a channel, from 1
 * @param redelivered whether it was delivered before, as far as the broker knows
 * @param routingKey what it was published with; the topic of {@code message}
 * @param message the content
 */
public record InboundMessage(String consumerTag, long tag, boolean redelivered, String routingKey, Message message) {}
