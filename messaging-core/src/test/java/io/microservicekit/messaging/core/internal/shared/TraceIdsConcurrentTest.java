package io.microservicekit.messaging.core.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many threads begin spans at once. */
class TraceIdsConcurrentTest {
    /** Long enough for threads to meet also on a machine that is busy. */
    private static final int EACH = 500_000;

    @Test
    void noTwoThreadsGetTheSameId() throws Exception {
        TraceIds ids = new TraceIds(new SplittableRandom(1));
        long[] made = new long[Together.THREADS * EACH];
        Together.run(number -> {
            for (int i = 0; i < EACH; i++) {
                made[number * EACH + i] = Long.parseUnsignedLong(ids.span(), 16);
            }
        });
        Arrays.sort(made);
        assertThat(IntStream.range(1, made.length).filter(i -> made[i] == made[i - 1]))
                .isEmpty();
    }

    @Test
    void idsAreLowerCaseHexadecimalOfFixedLengthAndFollowFromTheSeed() {
        TraceIds ids = new TraceIds(new SplittableRandom(7));
        assertThat(ids.trace()).matches("[0-9a-f]{32}");
        assertThat(ids.span()).matches("[0-9a-f]{16}");
        assertThat(new TraceIds(new SplittableRandom(7)).trace())
                .isEqualTo(new TraceIds(new SplittableRandom(7)).trace());
    }
}
