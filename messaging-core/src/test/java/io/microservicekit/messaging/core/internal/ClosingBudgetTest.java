package io.microservicekit.messaging.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.core.internal.runtime.SystemRuntime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is left of the second that a shutdown may take beyond its deadline, for a machine that is busy. */
class ClosingBudgetTest {
    @Test
    void allThatAForcedEndWaitsForLeavesAFifthOfTheSecond() {
        Duration sum = Edge.GRACE.plus(ClientShutdown.LAST).plus(SystemRuntime.JOIN);

        assertThat(sum).isLessThanOrEqualTo(Duration.ofMillis(800));
        assertThat(ClientShutdown.FORCED)
                .as("the end is told before nobody waits for it any more")
                .isLessThan(Edge.GRACE);
    }
}
