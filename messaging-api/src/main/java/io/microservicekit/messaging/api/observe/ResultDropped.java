package io.microservicekit.messaging.api.observe;

import java.util.Objects;

/**
 * The result of a handler came after its assignment was gone: duplicates are to be expected, no loss.
 *
 * @param topic the topic, or the queue
 * @param partition the partition, −1 on a queue
 * @param messages how many handled messages could not be acknowledged; 0 when the late result was a failure only
 */
public record ResultDropped(String topic, int partition, int messages) {
    /**
     * Checks that nothing is null.
     *
     * @param topic see the component
     * @param partition see the component
     * @param messages see the component
     */
    public ResultDropped {
        Objects.requireNonNull(topic, "topic");
    }
}
