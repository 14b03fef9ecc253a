package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.HealthReport;
import io.microservicekit.messaging.api.HealthStatus;
import io.microservicekit.messaging.api.HealthVerdict;
import io.microservicekit.messaging.api.ProducerHealth;
import io.microservicekit.messaging.api.SubscriptionHealth;
import io.microservicekit.messaging.core.internal.engine.ReasonText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes the three answers from what was found. */
final class HealthFindings {
    /** What a send may take beyond its timeout until it is reported. */
    private static final Duration SEND_GRACE = Duration.ofSeconds(5);

    private final String clientId;
    private final List<String> dead = new ArrayList<>();
    private final List<String> notReady = new ArrayList<>();
    private final Set<String> hindered = new LinkedHashSet<>();
    private final List<String> stuck = new ArrayList<>();
    private final List<SubscriptionHealth> subscriptions = new ArrayList<>();
    private final List<ProducerHealth> producers = new ArrayList<>();

    HealthFindings(String clientId) {
        this.clientId = ReasonText.printable(clientId);
    }

    void broker(Optional<Throwable> failure) {
        failure.ifPresent(why -> notReady.add("No broker answers: " + ReasonText.of(why)));
    }

    void control(boolean answers) {
        if (!answers) {
            dead.add("The control loop of the client does not answer: a continuation of one of its futures blocks it");
        }
    }

    void producer(ProducerHealth producer, Duration sendTimeout) {
        producers.add(producer);
        if (producer.impediment() != null) {
            hindered.add("A producer is hindered: " + producer.impediment());
        }
        if (producer.oldest().compareTo(sendTimeout.plus(SEND_GRACE)) > 0) {
            stuck.add("A producer has " + producer.pendingSends() + " sends without an outcome, the oldest for "
                    + producer.oldest() + ", longer than its send timeout of " + sendTimeout);
        }
    }

    void subscription(SubscriptionHealth subscription) {
        subscriptions.add(subscription);
        switch (subscription.state()) {
            case FAILED, UNRESPONSIVE -> {
                tell(subscription, dead);
                tell(subscription, notReady);
            }
            case STARTING, RECOVERING -> tell(subscription, notReady);
            case PAUSED -> {
                stuck.add(whose(subscription) + ": its user has paused it, nothing is handled until it is resumed");
                tell(subscription, stuck);
            }
            case DEGRADED -> tell(subscription, stuck);
            case RUNNING, CLOSING, CLOSED -> {}
        }
    }

    private static void tell(SubscriptionHealth subscription, List<String> where) {
        subscription.reasons().forEach(reason -> where.add(whose(subscription) + ": " + reason));
    }

    private static String whose(SubscriptionHealth subscription) {
        return "Group '" + ReasonText.printable(subscription.group()) + "' is " + subscription.state();
    }

    HealthReport ofClosedClient() {
        notReady.add("The client is closed");
        return report();
    }

    HealthReport report() {
        return new HealthReport(
                clientId,
                verdict(dead, HealthStatus.DOWN),
                readiness(),
                verdict(stuck, HealthStatus.DEGRADED),
                subscriptions,
                producers);
    }

    /** What hinders producers is told also when all is down: a broker that is back may still not take anything. */
    private HealthVerdict readiness() {
        List<String> reasons = new ArrayList<>(notReady);
        reasons.addAll(hindered);
        return verdict(reasons, notReady.isEmpty() ? HealthStatus.DEGRADED : HealthStatus.DOWN);
    }

    private static HealthVerdict verdict(List<String> reasons, HealthStatus worst) {
        return new HealthVerdict(reasons.isEmpty() ? HealthStatus.UP : worst, reasons);
    }
}
