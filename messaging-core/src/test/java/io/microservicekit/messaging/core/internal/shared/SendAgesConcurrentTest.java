package io.microservicekit.messaging.core.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SendAgesConcurrentTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final SendAges ages = new SendAges();

    @Test
    void whatManyThreadsBeginAndEndLeavesTheOneThatDidNotEnd() throws Exception {
        ages.begun(3 * SECOND);
        Together.run(thread -> {
            for (int i = 0; i < 100_000; i++) {
                ages.begun(i % 50 * SECOND);
                ages.ended(i % 50 * SECOND);
            }
        });
        assertThat(ages.oldest(60 * SECOND)).isEqualTo(Duration.ofSeconds(57));
        ages.ended(3 * SECOND);
        assertThat(ages.oldest(60 * SECOND)).isZero();
    }

    @Test
    void clocksThatBeginBelowZeroAreAsGood() {
        ages.begun(-5 * SECOND);
        ages.begun(SECOND);
        assertThat(ages.oldest(2 * SECOND)).isEqualTo(Duration.ofSeconds(7));
    }
}
