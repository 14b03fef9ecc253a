package io.microservicekit.messaging.rabbitmq.internal.link;

/**
 * What the broker says of a queue.
 *
 * @param messages how many are ready
 * @param consumers how many consumers it has
 */
public record QueueFacts(int messages, int consumers) {}
