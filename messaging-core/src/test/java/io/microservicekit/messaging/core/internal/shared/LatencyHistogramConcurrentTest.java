package io.microservicekit.messaging.core.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatencyHistogramConcurrentTest {
    private static final int RECORDS = 50_000;

    @Test
    void durationsOfManyThreadsAreAllCounted() throws Exception {
        LatencyHistogram histogram = new LatencyHistogram();
        Together.run(thread -> {
            for (int i = 0; i < RECORDS; i++) {
                histogram.record(
                        10L * ((i + thread) % 4 + 1)); // 10, 20, 30, 40: buckets of one value each, shared by all
            }
        });
        assertThat(histogram.average()).isEqualTo(25);
        assertThat(histogram.max()).isEqualTo(40);
        assertThat(histogram.quantile(0.25)).isEqualTo(10);
        assertThat(histogram.quantile(0.250_01)).isEqualTo(20);
        assertThat(histogram.quantile(0.75)).isEqualTo(30);
        assertThat(histogram.quantile(0.750_01)).isEqualTo(40);
    }
}
