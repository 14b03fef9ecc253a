package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random sends, faults and answers from a seed; each run ends in the oracle: each send has exactly one outcome, a confirmed one is stored, one that is
 * not delivered is not, no outcome belongs to another message, and what is stored has the order of the calls.
 */
class PublishSimTest {
    private static final int RARE = 30;

    @Test
    void eachSendHasTheOutcomeThatTheBrokerDecided() {
        run(0, 300);
    }

    @Test
    @Tag("long-sim")
    void eachSendHasTheOutcomeThatTheBrokerDecidedForLong() {
        run(1_000_000, 10_000);
    }

    private static void run(long firstSeed, int seeds) {
        Map<String, Integer> reached = new LinkedHashMap<>();
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            try (PublishRun run = new PublishRun(seed)) {
                run.run();
                run.reached().forEach((situation, times) -> reached.merge(situation, times, Integer::sum));
            } catch (AssertionError | IllegalStateException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        for (String situation : PublishRun.SITUATIONS) {
            assertThat(reached.getOrDefault(situation, 0))
                    .as(situation + " in " + reached)
                    .isGreaterThanOrEqualTo(RARE);
        }
    }
}
