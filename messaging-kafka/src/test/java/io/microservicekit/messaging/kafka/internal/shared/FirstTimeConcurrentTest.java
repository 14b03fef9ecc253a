package io.microservicekit.messaging.kafka.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FirstTimeConcurrentTest {
    @Test
    void theFirstTimeOfAnyThreadCounts() throws Exception {
        FirstTime time = new FirstTime();
        assertThat(time.isNeverOrOver(-5, Duration.ofNanos(10))).isTrue();
        Thread other = new Thread(() -> time.happens(-5));
        other.start();
        other.join();
        time.happens(3);
        assertThat(time.isNeverOrOver(5, Duration.ofNanos(10))).isFalse();
        assertThat(time.isNeverOrOver(6, Duration.ofNanos(10))).isTrue();
    }
}
