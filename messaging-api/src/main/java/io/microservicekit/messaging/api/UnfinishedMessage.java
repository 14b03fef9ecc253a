package io.microservicekit.messaging.api;

import java.time.Duration;
import java.util.Objects;

/**
 * A message that was received and is not finished, and what it waits for. Immutable; holds no payload.
 *
 * @param topic its topic
 * @param partition its partition, −1 where the broker has none
 * @param offset its offset, −1 where the broker has none
 * @param attempt the attempt that runs or failed last, or comes first, from 1
 * @param age how long ago it was received
 * @param waitsFor what it waits for
 * @param since how long it has been waiting for that
 * @param detail a sentence on it: when it is tried again, why its dead letter fails
 */
public record UnfinishedMessage(
        String topic,
        int partition,
        long offset,
        int attempt,
        Duration age,
        WaitsFor waitsFor,
        Duration since,
        String detail) {
    /**
     * Checks that nothing is missing.
     *
     * @param topic see the component
     * @param partition see the component
     * @param offset see the component
     * @param attempt see the component
     * @param age see the component
     * @param waitsFor see the component
     * @param since see the component
     * @param detail see the component
     */
    public UnfinishedMessage {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(age, "age");
        Objects.requireNonNull(waitsFor, "waitsFor");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(detail, "detail");
    }

    /** What a message can wait for. */
    public enum WaitsFor {
        /** For its turn: a message before it, a free handler, the return of a handler of its partition's former assignment, the end of a pause. */
        TURN,
        /** For its handler to return. */
        HANDLER,
        /** For its next attempt by the retry policy. */
        RETRY,
        /** For its dead letter to be confirmed. */
        DEAD_LETTER,
        /** For its next attempt while it blocks its lane, because it is exhausted and {@link ExhaustedPolicy#BLOCK} holds. */
        POLICY,
        /** For the broker to take the acknowledgements of those before it, or for its own commit in mode {@link AckMode#MANUAL}. */
        COMMIT
    }

    @Override
    public String toString() {
        String place =
                partition < 0 ? topic : offset < 0 ? topic + "-" + partition : topic + "-" + partition + "@" + offset;
        return place + ", attempt " + attempt + ": " + detail;
    }
}
