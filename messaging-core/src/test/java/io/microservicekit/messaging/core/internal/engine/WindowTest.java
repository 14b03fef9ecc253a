package io.microservicekit.messaging.core.internal.engine;

import static io.microservicekit.messaging.core.internal.engine.EngineFixture.A;
import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WindowTest {
    private static final long SEED = Long.getLong("seed", 20_243);

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final TreeMap<Long, ReceivedMessage> delivered = new TreeMap<>();
    private final TreeSet<Long> unfinished = new TreeSet<>();
    private final TreeSet<Long> above = new TreeSet<>();
    private Window window = new Window();
    private long lastTag = 41;

    @Test
    void itAgreesWithPlainSetsWhateverIsDeliveredAndFinished() {
        for (int step = 0; step < 20_000; step++) {
            String where = "step " + step + ", -Dseed=" + SEED;
            if (unfinished.size() < 3 || random.nextInt(6) == 0) {
                deliver(1 + random.nextInt(70));
            } else {
                finish(where);
            }
            window = random.nextInt(50) == 0 ? window.copy() : window;
            check(where);
        }
        new ArrayList<>(unfinished).forEach(tag -> window.finish(delivered.get(tag)));
        assertThat(window.prefix()).isEqualTo(delivered.size());
        assertThat(window.upTo()).isEqualTo(lastTag);
        assertThat(List.of(window.unfinished(), (int) window.bytes())).containsExactly(0, 0);
        assertThat(window.firstUnfinished()).isNull();
    }

    private void deliver(int size) {
        List<ReceivedMessage> messages = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            lastTag += 1 + random.nextInt(3);
            ReceivedMessage message = EngineFixture.message(A, lastTag);
            messages.add(message);
            delivered.put(lastTag, message);
            unfinished.add(lastTag);
        }
        window.delivered(new Chunk(messages, 0));
    }

    /** Mostly near the watermark, so that it moves. */
    private void finish(String where) {
        long from = delivered.firstKey();
        long start = unfinished.isEmpty() || random.nextInt(9) == 0 ? from : unfinished.first();
        long tag = start + random.nextLong(Math.max(1, Math.min(200, lastTag - start + 1)));
        ReceivedMessage message = delivered.get(tag);
        Window.Finish outcome = window.finish(message == null ? EngineFixture.message(A, tag) : message);
        boolean news = unfinished.remove(tag);
        if (news) {
            above.add(tag);
            assertThat(outcome).as(where).isEqualTo(Window.Finish.NEWLY);
        } else if (message != null) {
            assertThat(outcome).as(where).isEqualTo(Window.Finish.ALREADY);
        }
    }

    private void check(String where) {
        long next = unfinished.isEmpty() ? lastTag + 1 : unfinished.first();
        assertThat(window.unfinished()).as(where).isEqualTo(unfinished.size());
        assertThat(window.prefix()).as(where).isEqualTo(delivered.headMap(next).size());
        Long upTo = delivered.lowerKey(next);
        assertThat(window.upTo()).as(where).isEqualTo(upTo == null ? delivered.firstKey() - 1 : upTo);
        above.headSet(window.upTo(), true).clear();
        assertThat(window.bytes()).as(where).isGreaterThanOrEqualTo(10L * unfinished.size());
        if (random.nextInt(5) == 0) {
            assertThat(window.takeNewsAbove()).as(where).containsExactlyElementsOf(above);
            above.clear();
        }
    }

    @Test
    void whatIsFinishedAboveAGapIsPassedWithIt() {
        List<ReceivedMessage> messages = new ArrayList<>();
        for (int tag = 1; tag <= 1_000; tag++) {
            ReceivedMessage message = EngineFixture.message(A, tag);
            messages.add(message);
            window.delivered(new Chunk(List.of(message), 0));
        }
        for (int i = 999; i > 0; i--) {
            window.finish(messages.get(i));
        }
        assertThat(window.takeNewsAbove()).hasSize(999).isSorted();
        assertThat(window.dump()).startsWith("upTo=0 of 0 1 2+ 3+").endsWith(" 1000+");
        window.finish(messages.get(0));
        assertThat(window.dump()).isEqualTo("upTo=1000 of 1000");
    }

    @Test
    void aTagThatWasNeverDeliveredIsUnknown() {
        assertThat(window.finish(EngineFixture.message(A, 1))).isEqualTo(Window.Finish.UNKNOWN);
        window.delivered(new Chunk(List.of(EngineFixture.message(A, 5), EngineFixture.message(A, 9)), 0));
        for (long tag : new long[] {4, 5, 7, 10}) {
            assertThat(window.finish(EngineFixture.message(A, tag))).isEqualTo(Window.Finish.UNKNOWN);
        }
    }
}
