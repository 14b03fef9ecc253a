package io.microservicekit.messaging.core.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final int BYTES = 10;
    private static final long SEED = Long.getLong("seed", 20_241);

    /** A delivery as a plain list of the tags that are left. */
    private record Delivery(long nanos, int size, List<Long> left) {}

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final ArrayDeque<Delivery> oracle = new ArrayDeque<>();
    private Backlog backlog = new Backlog();
    private long lastTag;

    @Test
    void itAgreesWithPlainListsWhateverIsAddedAndFinished() {
        for (int step = 0; step < 20_000; step++) {
            int count = backlog.count();
            if (count == 0 || random.nextInt(3) == 0) {
                add(1 + random.nextInt(6), step);
            } else {
                finish(1 + random.nextInt(count));
            }
            if (random.nextInt(50) == 0) {
                backlog = backlog.copy();
            }
            check("step " + step + ", -Dseed=" + SEED);
        }
    }

    private void add(int size, long nanos) {
        List<ReceivedMessage> messages = new ArrayList<>();
        List<Long> tags = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            lastTag += 1 + random.nextInt(3);
            messages.add(EngineFixture.message(EngineFixture.A, lastTag));
            tags.add(lastTag);
        }
        backlog.add(new Chunk(messages, nanos));
        oracle.add(new Delivery(nanos, size, tags));
    }

    private void finish(int n) {
        long tag = 0;
        for (int i = 0; i < n; i++) {
            tag = oracle.getFirst().left().remove(0);
            if (oracle.getFirst().left().isEmpty()) {
                oracle.removeFirst();
            }
        }
        assertThat(backlog.finish(n)).isEqualTo(tag);
    }

    private void check(String where) {
        int left = oracle.stream().mapToInt(delivery -> delivery.left().size()).sum();
        long bytes = oracle.stream()
                .mapToLong(delivery -> (long) BYTES * delivery.size())
                .sum();
        assertThat(List.of(backlog.count(), backlog.bytes(), backlog.isEmpty()))
                .as(where)
                .containsExactly(left, bytes, left == 0);
        if (left > 0) {
            Delivery first = oracle.getFirst();
            int max = 1 + random.nextInt(8);
            List<Long> run = backlog.nextRun(max).stream().map(BacklogTest::tag).toList();
            assertThat(run)
                    .as(where)
                    .isEqualTo(
                            first.left().subList(0, Math.min(max, first.left().size())));
            assertThat(tag(backlog.head())).as(where).isEqualTo(first.left().get(0));
            assertThat(backlog.oldestNanos()).as(where).isEqualTo(first.nanos());
        }
    }

    private static long tag(ReceivedMessage message) {
        return message.position().tag();
    }

    @Test
    void aBatchKeepsItsBytesUntilItsLastMessageIsFinished() {
        add(2, 0);
        backlog.finish(1);
        assertThat(backlog.bytes()).isEqualTo(2 * BYTES);
        backlog.finish(1);
        assertThat(backlog.bytes()).isZero();
    }

    @Test
    void aCopyKeepsWhatTheOriginalFinishes() {
        add(3, 0);
        Backlog copy = backlog.copy();
        backlog.finish(2);
        assertThat(List.of(backlog.count(), copy.count())).containsExactly(1, 3);
    }
}
