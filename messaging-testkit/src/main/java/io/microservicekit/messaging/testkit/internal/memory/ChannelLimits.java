package io.microservicekit.messaging.testkit.internal.memory;

import java.time.Duration;

/**
 * The limits of a channel in the queue flavour.
 *
 * @param prefetch deliveries that are neither acknowledged nor held
 * @param maxHeld held deliveries that free their credit
 * @param consumerTimeout how long a delivery may stay unacknowledged
 */
public record ChannelLimits(int prefetch, int maxHeld, Duration consumerTimeout) {}
