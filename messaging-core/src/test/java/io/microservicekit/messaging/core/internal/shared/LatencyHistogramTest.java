package io.microservicekit.messaging.core.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    @Test
    void quantilesDifferFromHdrHistogramByLessThanTwoPercent() {
        long seed = Long.getLong("seed", 42);
        SplittableRandom random = new SplittableRandom(seed);
        LatencyHistogram ours = new LatencyHistogram();
        Histogram reference = new Histogram(5);
        for (int i = 0; i < 200_000; i++) {
            long nanos = (long) Math.exp(random.nextDouble() * 25);
            ours.record(nanos);
            reference.recordValue(nanos);
        }
        for (double quantile : new double[] {0.01, 0.25, 0.5, 0.9, 0.99, 0.999}) {
            assertThat(ours.quantile(quantile))
                    .as("quantile %s, seed %s", quantile, seed)
                    .isCloseTo(reference.getValueAtPercentile(quantile * 100), Percentage.withPercentage(2));
        }
        assertThat(ours.max()).isCloseTo(reference.getMaxValue(), Percentage.withPercentage(0.01));
    }

    @Test
    void nothingRecordedIsZeroEverywhere() {
        LatencyHistogram empty = new LatencyHistogram();
        assertThat(empty.quantile(0.99)).isZero();
        assertThat(empty.average()).isZero();
        assertThat(empty.max()).isZero();
    }

    @Test
    void theLongestAndTheShortestDurationFit() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.record(Long.MAX_VALUE);
        histogram.record(-5);
        assertThat(histogram.max()).isEqualTo(Long.MAX_VALUE);
        assertThat(histogram.quantile(0.5)).isZero();
        assertThat(histogram.quantile(1)).isCloseTo(Long.MAX_VALUE, Percentage.withPercentage(2));
    }
}
