package io.microservicekit.messaging.kafka.internal.shared;

import io.microservicekit.messaging.api.message.ErrorCode;

/**
 * What keeps messages from the broker at present.
 *
 * @param code what a send ends with that waits for it in vain
 * @param text the middle of a sentence
 */
public record Impediment(ErrorCode code, String text) {}
