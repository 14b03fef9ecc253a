package io.microservicekit.messaging.it.accounting;

/**
 * Where the broker put a message inside its topic.
 *
 * @param partition the partition, 0 or more
 * @param offset the offset in that partition, 0 or more
 */
public record Position(int partition, long offset) {}
