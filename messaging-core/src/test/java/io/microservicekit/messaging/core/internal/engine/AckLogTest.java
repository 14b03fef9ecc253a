package io.microservicekit.messaging.core.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AckLogTest {
    private static final long SEED = Long.getLong("seed", 20_242);

    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    void withASmallBoundItCountsExactly() {
        compare(100, 0);
    }

    @Test
    void withALargeBoundItIsOffByAtMostASixtyFourthAndNeverTooLow() {
        compare(6_400, 100);
    }

    /** The oracle remembers every tag that was passed on and how many messages were finished by then. */
    private void compare(int maxUncommitted, int tolerance) {
        AckLog log = new AckLog(maxUncommitted);
        TreeMap<Long, Long> passedOn = new TreeMap<>();
        long finished = 0;
        long taken = 0;
        long tag = 0;
        for (int step = 0; step < 50_000; step++) {
            String where = "step " + step + ", -Dseed=" + SEED;
            if (random.nextInt(3) > 0 && finished - taken < maxUncommitted) {
                int count = 1 + random.nextInt((int) Math.min(7, maxUncommitted - (finished - taken)));
                tag += count + random.nextInt(3);
                finished += count;
                log.finished(count, tag);
                assertThat(log.hasNews()).as(where).isTrue();
                assertThat(log.passOn()).as(where).isEqualTo(tag);
                passedOn.put(tag, finished);
            } else if (random.nextInt(4) == 0 && !passedOn.isEmpty()) {
                long upTo = passedOn.floorKey(passedOn.firstKey() + random.nextLong(tag - passedOn.firstKey() + 1));
                taken = passedOn.get(upTo);
                passedOn.headMap(upTo, true).clear();
                log.taken(upTo);
            }
            log = random.nextInt(100) == 0 ? log.copy() : log;
            assertThat(log.finished()).as(where).isEqualTo(finished);
            assertThat((long) log.uncommitted()).as(where).isBetween(finished - taken, finished - taken + tolerance);
            assertThat(log.hasNews()).as(where).isFalse();
        }
        assertThat(taken).as("the broker took something").isPositive();
        log.taken(tag);
        assertThat(log.uncommitted()).isZero();
    }

    @Test
    void anAnswerForAnOlderTagTakesNothingTwice() {
        AckLog log = new AckLog(100);
        log.finished(2, 5);
        log.passOn();
        log.taken(5);
        log.taken(3);
        assertThat(List.of(log.uncommitted(), log.finished())).containsExactly(0, 2L);
    }
}
