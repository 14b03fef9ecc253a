package io.microservicekit.messaging.kafka.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsumerConditionConcurrentTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final Duration MAX_POLL_INTERVAL = Duration.ofSeconds(60);

    @Test
    void anotherThreadReadsTheTimeAndTheTextOfOneAndTheSameTurn() throws InterruptedException {
        ConsumerCondition condition = new ConsumerCondition(0, MAX_POLL_INTERVAL);
        int turns = 200_000;
        Thread poll = new Thread(() -> {
            for (int i = 1; i <= turns; i++) {
                boolean well = i % 2 == 0;
                // A well turn is read as of now, an impeded one as long past: mixed up, the first would be an
                // impediment.
                condition.turn(well ? 100 * SECOND : 0, well ? null : "impeded");
            }
        });
        poll.start();
        List<String> mixed = new ArrayList<>();
        while (poll.isAlive()) {
            String seen = condition.impediment(100 * SECOND);
            if (seen != null && !seen.contains("for 100 s")) {
                mixed.add(seen);
            }
        }
        poll.join();

        assertThat(mixed).isEmpty();
        assertThat(condition.impediment(100 * SECOND)).isNull();
    }

    @Test
    void aPollThreadThatDoesNotComeRoundIsAnImpedimentByItself() {
        ConsumerCondition condition = new ConsumerCondition(0, MAX_POLL_INTERVAL);
        condition.turn(SECOND, null);

        assertThat(condition.impediment(16 * SECOND)).isNull();
        assertThat(condition.impediment(17 * SECOND)).isEqualTo("its poll thread has been busy with one turn for 16 s");

        condition.turn(18 * SECOND, "topics [a] do not exist");
        assertThat(condition.impediment(18 * SECOND)).isEqualTo("topics [a] do not exist");
    }

    @Test
    void aCallOfTheDriverThatLastsLongerThanThePollIntervalHangsAndASignOfTheThreadEndsThat() {
        ConsumerCondition condition = new ConsumerCondition(0, MAX_POLL_INTERVAL);
        condition.turn(SECOND, null);

        assertThat(condition.hang(61 * SECOND)).isNull();
        assertThat(condition.hang(62 * SECOND)).contains("for 61 s", "max.poll.interval.ms");

        condition.calls(62 * SECOND);
        assertThat(condition.hang(62 * SECOND)).isNull();
    }

    @Test
    void anOrderlyCallIsNoHangWithAShortPollInterval() {
        ConsumerCondition condition = new ConsumerCondition(0, Duration.ofMillis(1));

        assertThat(condition.hang(15 * SECOND)).isNull();
        assertThat(condition.hang(16 * SECOND)).isNotNull();
    }
}
