package io.microservicekit.messaging.rabbitmq.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SharesTest {
    private static final long START = Long.MAX_VALUE - 5;

    private final Shares shares = new Shares(Duration.ofSeconds(9), 3, START);

    private Duration nextAfter(int seconds) {
        return shares.next(START + Duration.ofSeconds(seconds).toNanos());
    }

    @Test
    void whatOneDoesNotTakeIsForTheOthers() {
        assertThat(nextAfter(0)).isEqualTo(Duration.ofSeconds(3));
        assertThat(nextAfter(1)).isEqualTo(Duration.ofSeconds(4));
        assertThat(nextAfter(1)).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void aSilentOneLeavesTheOthersTheirPart() {
        assertThat(nextAfter(0)).isEqualTo(Duration.ofSeconds(3));
        assertThat(nextAfter(3)).isEqualTo(Duration.ofSeconds(3));
        assertThat(nextAfter(6)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void oneThatTakesMoreThanItsPartDoesNotLeaveTheOthersWithout() {
        assertThat(nextAfter(0)).isEqualTo(Duration.ofSeconds(3));
        assertThat(nextAfter(10)).isEqualTo(Duration.ofMillis(1_500));
    }
}
