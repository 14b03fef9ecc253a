package io.microservicekit.messaging.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.HealthReport;
import io.microservicekit.messaging.api.HealthStatus;
import io.microservicekit.messaging.api.SubscriptionHealth;
import io.microservicekit.messaging.api.UnfinishedMessage;
import java.util.Objects;

/** What tests of health look at. */
final class HealthReports {
    private HealthReports() {}

    static SubscriptionHealth only(HealthReport report) {
        assertThat(report.subscriptions()).hasSize(1);
        return report.subscriptions().get(0);
    }

    static UnfinishedMessage oldest(HealthReport report) {
        return Objects.requireNonNull(report.oldestUnfinished(), "something is unfinished");
    }

    static void assertUp(HealthReport report) {
        assertThat(report.status()).as("%s", report).isEqualTo(HealthStatus.UP);
        assertThat(report.reasons()).isEmpty();
    }

    static void assertDegraded(HealthReport report, String... texts) {
        assertThat(report.status()).as("%s", report).isEqualTo(HealthStatus.DEGRADED);
        assertThat(report.liveness().passes()).isTrue();
        assertThat(report.readiness().passes()).isTrue();
        assertThat(report.progress().reasons()).hasSize(1);
        assertThat(report.progress().reasons().get(0)).contains(texts);
    }
}
