package io.microservicekit.messaging.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.HealthReport;
import io.microservicekit.messaging.api.HealthStatus;
import io.microservicekit.messaging.api.ProducerHealth;
import io.microservicekit.messaging.api.SubscriptionHealth;
import io.microservicekit.messaging.api.SubscriptionState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthFindingsTest {
    private final HealthFindings findings = new HealthFindings("client");

    private static SubscriptionHealth subscription(SubscriptionState state, String... reasons) {
        return new SubscriptionHealth("shop\n", List.of("orders"), state, List.of(reasons), 0, 0, null);
    }

    @Test
    void sendsLongPastTheirTimeoutDegradeAndOthersDoNot() {
        findings.producer(new ProducerHealth(2, Duration.ofSeconds(35)), Duration.ofSeconds(30));
        assertThat(findings.report().status()).isEqualTo(HealthStatus.UP);

        findings.producer(new ProducerHealth(2, Duration.ofSeconds(36)), Duration.ofSeconds(30));
        HealthReport report = findings.report();
        assertThat(report.status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(report.progress().reasons())
                .containsExactly("A producer has 2 sends without an outcome, the oldest for PT36S, longer than its send"
                        + " timeout of PT30S");
    }

    @Test
    void aPauseDegradesAlsoWithoutAnyOtherReason() {
        findings.subscription(subscription(SubscriptionState.PAUSED));

        HealthReport report = findings.report();

        assertThat(report.readiness().passes()).isTrue();
        assertThat(report.status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(report.reasons())
                .containsExactly("Group 'shop\\u000a' is PAUSED: its user has paused it, nothing is handled until it is"
                        + " resumed");
    }

    @Test
    void aSubscriptionWithoutALifeFailsLivenessAndReadinessAndOneThatRecoversReadinessOnly() {
        findings.subscription(subscription(SubscriptionState.RECOVERING, "put out"));
        assertThat(findings.report().liveness().passes()).isTrue();
        assertThat(findings.report().readiness().passes()).isFalse();

        findings.subscription(subscription(SubscriptionState.UNRESPONSIVE, "silent"));
        assertThat(findings.report().liveness().passes()).isFalse();
        assertThat(findings.report().reasons()).hasSize(2);
    }
}
