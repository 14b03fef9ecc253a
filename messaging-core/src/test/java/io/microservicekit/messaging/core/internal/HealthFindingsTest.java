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
        findings.producer(new ProducerHealth(2, Duration.ofSeconds(35), null), Duration.ofSeconds(30));
        assertThat(findings.report().status()).isEqualTo(HealthStatus.UP);

        findings.producer(new ProducerHealth(2, Duration.ofSeconds(36), null), Duration.ofSeconds(30));
        HealthReport report = findings.report();
        assertThat(report.status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(report.progress().reasons())
                .containsExactly("A producer has 2 sends without an outcome, the oldest for PT36S, longer than its send"
                        + " timeout of PT30S");
    }

    @Test
    void aBrokerThatTakesNoMessagesDegradesReadinessWithTheReasonOnceForAllProducers() {
        for (int i = 0; i < 3; i++) {
            findings.producer(new ProducerHealth(0, Duration.ZERO, "low on memory"), Duration.ofSeconds(30));
        }
        HealthReport report = findings.report();

        assertThat(report.readiness().status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(report.readiness().passes()).isTrue();
        assertThat(report.readiness().reasons()).containsExactly("A producer is hindered: low on memory");
        assertThat(report.liveness().status()).isEqualTo(HealthStatus.UP);
        assertThat(report.progress().status()).isEqualTo(HealthStatus.UP);

        findings.subscription(subscription(SubscriptionState.RECOVERING, "put out"));
        assertThat(findings.report().readiness().status()).isEqualTo(HealthStatus.DOWN);
        assertThat(findings.report().readiness().reasons()).hasSize(2);
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
