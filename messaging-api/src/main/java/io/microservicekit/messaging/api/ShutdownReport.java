package io.microservicekit.messaging.api;

import io.microservicekit.messaging.api.message.MessagePosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * What a shutdown did with the messages that were not finished when it began. Immutable.
 *
 * @param drained how many messages were finished (handled, dead-lettered or discarded) and acknowledged after the shutdown began
 * @param returned how many messages had been received but stay un-acknowledged: not started, waiting for a retry or a dead letter, or, in
 *     {@link AckMode#MANUAL}, handled and not committed; the broker delivers them again
 * @param abandoned the messages whose handler was still running at the deadline; they stay un-acknowledged and are delivered again
 * @param unacknowledged how many finished messages had been acknowledged by this client without the broker having taken it when the consumers were
 *     closed; the broker delivers them again. At the most: it may have taken it without its answer arriving. Broker by broker: Kafka answers each commit, and where
 *     its positions have gaps (transactions, compaction) they count too; on RabbitMQ an acknowledgement has no answer, so it counts as taken when it
 *     was written to the connection. After a close that was ended by force all are counted of which the broker's answer was not known
 * @param unconfirmedSends how many sends ended without a confirmation because the deadline passed
 * @param unanswered how many subscriptions were cut off because their event loop did not answer in time: what they had running or finished is in no
 *     other number, and what was not acknowledged of it is delivered again
 * @param elapsed how long the shutdown took
 */
public record ShutdownReport(
        long drained,
        long returned,
        List<MessagePosition> abandoned,
        long unacknowledged,
        long unconfirmedSends,
        long unanswered,
        Duration elapsed) {
    /**
     * Copies the list.
     *
     * @param drained see the component
     * @param returned see the component
     * @param abandoned see the component
     * @param unacknowledged see the component
     * @param unconfirmedSends see the component
     * @param unanswered see the component
     * @param elapsed see the component
     */
    public ShutdownReport {
        abandoned = Collections.unmodifiableList(new ArrayList<>(Objects.requireNonNull(abandoned, "abandoned")));
        Objects.requireNonNull(elapsed, "elapsed");
    }

    /**
     * Whether every running handler and every pending send was finished in time, and the broker knows of it.
     *
     * @return true when nothing was abandoned, nothing that was finished stayed un-acknowledged, no send is unconfirmed and each
     *     subscription answered
     */
    public boolean clean() {
        return abandoned.isEmpty() && unacknowledged == 0 && unconfirmedSends == 0 && unanswered == 0;
    }

    /**
     * The two reports as one.
     *
     * @param other another report
     * @return sums of the counts, both lists, the longer time
     */
    public ShutdownReport plus(ShutdownReport other) {
        Objects.requireNonNull(other, "other");
        List<MessagePosition> both = new ArrayList<>(abandoned);
        both.addAll(other.abandoned);
        return new ShutdownReport(
                drained + other.drained,
                returned + other.returned,
                both,
                unacknowledged + other.unacknowledged,
                unconfirmedSends + other.unconfirmedSends,
                unanswered + other.unanswered,
                elapsed.compareTo(other.elapsed) >= 0 ? elapsed : other.elapsed);
    }

    /**
     * A report of a shutdown that found nothing to do.
     *
     * @return all counts zero
     */
    public static ShutdownReport nothing() {
        return new ShutdownReport(0, 0, List.of(), 0, 0, 0, Duration.ZERO);
    }
}
