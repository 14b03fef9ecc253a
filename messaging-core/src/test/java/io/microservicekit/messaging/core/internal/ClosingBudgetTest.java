package io.microservicekit.messaging.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.core.internal.runtime.SystemRuntime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Times that are promised, as the sum of those that they are made of: a test on a clock would also time the machine. */
class ClosingBudgetTest {
    @Test
    void allThatAForcedEndWaitsForLeavesAFifthOfTheSecond() {
        Duration sum = Edge.GRACE.plus(ClientShutdown.LAST).plus(SystemRuntime.JOIN);

        assertThat(sum).isLessThanOrEqualTo(Duration.ofMillis(800));
        assertThat(ClientShutdown.FORCED)
                .as("the end is told before nobody waits for it any more")
                .isLessThan(Edge.GRACE);
    }

    /** An answer of before is kept, then one is waited for. */
    @Test
    void aLoopThatDoesNotAnswerIsFoundWithinFiveSeconds() {
        assertThat(ClientHealth.KEPT.plus(ClientHealth.PATIENCE)).isLessThanOrEqualTo(Duration.ofSeconds(5));
    }
}
