package io.microservicekit.messaging.core.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Many threads begin spans at once. */
class TraceIdsConcurrentTest {
    private static final int EACH = 100_000;

    @Test
    void noTwoThreadsGetTheSameId() throws Exception {
        TraceIds ids = new TraceIds(new SplittableRandom(1));
        List<String> made = Collections.synchronizedList(new ArrayList<>());
        Together.run(number -> {
            List<String> mine = new ArrayList<>();
            for (int i = 0; i < EACH; i++) {
                mine.add(i % 2 == 0 ? ids.span() : ids.trace());
            }
            made.addAll(mine);
        });
        assertThat(new HashSet<>(made)).hasSize(Together.THREADS * EACH);
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
