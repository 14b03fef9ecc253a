package io.microservicekit.messaging.api.observe;

/**
 * The result of a handler came after its assignment was gone: duplicates are to be expected, no loss.
 *
 * @param topic the topic, or the queue
 * @param partition the partition, −1 on a queue
 * @param messages how many handled messages could not be acknowledged; 0 when the late result was a failure only
 */
public record ResultDropped(String topic, int partition, int messages) {}
