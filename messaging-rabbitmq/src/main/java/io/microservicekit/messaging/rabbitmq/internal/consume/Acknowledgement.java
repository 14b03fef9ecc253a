package io.microservicekit.messaging.rabbitmq.internal.consume;

/**
 * One acknowledgement as the broker takes it.
 *
 * @param tag an unacknowledged delivery
 * @param multiple whether all lower ones are meant too
 */
record Acknowledgement(long tag, boolean multiple) {}
