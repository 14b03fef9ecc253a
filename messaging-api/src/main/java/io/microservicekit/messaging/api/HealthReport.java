package io.microservicekit.messaging.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The health of a client, as three answers and what they rest on. Immutable; holds no payload and no secret, and control characters of texts from
 * outside are escaped, so that it can be logged and answered to a probe as it is.
 *
 * @param clientId the client
 * @param liveness DOWN only when restarting the process would help: a subscription has FAILED, an event loop does not
 *     answer, or a driver's thread hangs for longer than a call may take
 * @param readiness DOWN when no broker answers, when a subscription has not become ready or is not ready any more, or when the client is closed;
 *     DEGRADED when all this is well but the broker takes no messages from a producer at present, a memory alarm of RabbitMQ for example
 * @param progress DEGRADED when messages cannot go on: blocked by policy, a dead letter that cannot be written, a handler that exceeds its
 *     timeout, a bound that is reached, a pause, sends without an outcome; never DOWN
 * @param subscriptions how each subscription is, in the order the consumers were made
 * @param producers how each producer is, in the order they were made
 */
public record HealthReport(
        String clientId,
        HealthVerdict liveness,
        HealthVerdict readiness,
        HealthVerdict progress,
        List<SubscriptionHealth> subscriptions,
        List<ProducerHealth> producers) {
    /**
     * Copies the lists.
     *
     * @param clientId see the component
     * @param liveness see the component
     * @param readiness see the component
     * @param progress see the component
     * @param subscriptions see the component
     * @param producers see the component
     */
    public HealthReport {
        Objects.requireNonNull(clientId, "clientId");
        Objects.requireNonNull(liveness, "liveness");
        Objects.requireNonNull(readiness, "readiness");
        Objects.requireNonNull(progress, "progress");
        subscriptions =
                Collections.unmodifiableList(new ArrayList<>(Objects.requireNonNull(subscriptions, "subscriptions")));
        producers = Collections.unmodifiableList(new ArrayList<>(Objects.requireNonNull(producers, "producers")));
    }

    /**
     * The worst of the three answers.
     *
     * @return UP, DEGRADED or DOWN
     */
    public HealthStatus status() {
        return liveness.status().or(readiness.status()).or(progress.status());
    }

    /**
     * The reasons of all three answers, each once.
     *
     * @return empty when the status is UP
     */
    public List<String> reasons() {
        return Stream.of(liveness, readiness, progress)
                .flatMap(verdict -> verdict.reasons().stream())
                .distinct()
                .toList();
    }

    /**
     * The oldest unfinished message of all subscriptions.
     *
     * @return the message, null when nothing is unfinished
     */
    public @Nullable UnfinishedMessage oldestUnfinished() {
        return subscriptions.stream()
                .map(SubscriptionHealth::oldestUnfinished)
                .filter(Objects::nonNull)
                .max(Comparator.comparing(UnfinishedMessage::age))
                .orElse(null);
    }
}
