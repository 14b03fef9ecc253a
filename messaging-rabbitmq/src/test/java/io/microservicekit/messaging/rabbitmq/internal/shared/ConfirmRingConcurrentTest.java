package io.microservicekit.messaging.rabbitmq.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ConfirmRingConcurrentTest {
    private static final int SENDS = 100_000;
    private static final int WALKS = 5_000_000;
    private static final Message MESSAGE = Message.builder("t").build();

    private final ConfirmRing ring = new ConfirmRing();
    private final List<PendingSend> sent = new ArrayList<>();

    @Test
    void underTheLockOfItsOwnerEachSendIsTakenOnceAndInTheOrderOfItsNumberHoweverAnswersComeInBetween()
            throws Exception {
        List<PendingSend> taken = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(1);
        Thread writer = new Thread(this::write);
        writer.start();
        while (taken.size() < SENDS) {
            synchronized (ring) {
                // Up to some number that may have been written, with all lower ones.
                ring.take(taken.size() + random.nextInt(1, 300), true, taken);
            }
        }
        writer.join();
        assertThat(taken).containsExactlyElementsOf(sent);
        assertThat(ring.size()).isZero();
    }

    @Test
    @Timeout(60)
    void aWalkCostsWhatIsThereAndNotWhatWasSentMeanwhile() {
        write();
        List<PendingSend> taken = new ArrayList<>();
        for (int number = 1; number <= SENDS; number++) {
            if (number % 50_000 != 1) {
                ring.take(number, false, taken);
            }
        }
        List<PendingSend> seen = new ArrayList<>();
        ring.forEach(seen::add);
        assertThat(seen).containsExactly(sent.get(0), sent.get(50_000));
        // Minutes when each walk looked at all that was sent in between.
        int[] walks = {0};
        for (int i = 0; i < WALKS; i++) {
            ring.forEach(send -> walks[0]++);
        }
        assertThat(walks[0]).isEqualTo(2 * WALKS);
    }

    @Test
    void whatIsThrownWhileSomeAreTakenLeavesAllOfThemThere() {
        write();
        List<PendingSend> lacking = new ArrayList<>() {
            @Override
            public boolean add(PendingSend send) {
                if (size() == 2) {
                    throw new InternalError("lack of memory");
                }
                return super.add(send);
            }
        };
        assertThatThrownBy(() -> ring.take(5, true, lacking)).isInstanceOf(InternalError.class);
        lacking.clear();
        assertThatThrownBy(() -> ring.takeIf(send -> true, lacking)).isInstanceOf(InternalError.class);

        assertThat(ring.size()).isEqualTo(SENDS);
        List<PendingSend> taken = new ArrayList<>();
        ring.take(5, true, taken);
        assertThat(taken).containsExactlyElementsOf(sent.subList(0, 5));
    }

    @Test
    void oneThatHasNoAnswerDoesNotLetTheArrayGrowWithWhatIsAnsweredMeanwhile() {
        PendingSend stuck = send();
        ring.put(1, stuck);
        List<PendingSend> taken = new ArrayList<>();
        for (int number = 2; number <= 3_000_000; number++) {
            ring.put(number, send());
            ring.take(number, false, taken);
            taken.clear();
        }
        assertThat(ring.places()).isLessThanOrEqualTo(1024);

        assertThat(ring.size()).isOne();
        assertThat(ring.get(1)).isSameAs(stuck);
        ring.take(1, false, taken);
        assertThat(taken).containsExactly(stuck);
        assertThat(ring.get(1)).isNull();
        assertThat(ring.size()).isZero();
    }

    @Test
    void oneThatIsFarBehindWhenTheArrayGrowsIsTakenOnce() {
        List<PendingSend> taken = new ArrayList<>();
        PendingSend stuck = send();
        ring.put(1, stuck);
        for (int number = 2; number <= 8_000; number++) {
            ring.put(number, send());
            if (number < 5_000) {
                ring.take(number, false, taken);
            }
        }
        assertThat(ring.places()).isGreaterThan(2_048);
        taken.clear();
        ring.take(1, false, taken);
        ring.take(1, false, taken);

        assertThat(taken).containsExactly(stuck);
        assertThat(ring.get(1)).isNull();
        assertThat(ring.size()).isEqualTo(3_001);
    }

    @Test
    void theArrayIsBoundedByWhatIsThereAtOnceHoweverNumbersJump() {
        List<PendingSend> taken = new ArrayList<>();
        long number = 0;
        for (int i = 0; i < 1_000; i++) {
            number += 1L << 40;
            ring.put(number, send());
        }
        assertThat(ring.places()).isLessThanOrEqualTo(2 * 16 * 1_000);

        ring.take(number, true, taken);
        assertThat(taken).hasSize(1_000);
        assertThat(ring.size()).isZero();
    }

    /** A map links what it gets before it finds that there is no memory to grow. */
    @Test
    void oneThatWasLeftInTheMapAsWellIsNotFoundOnceItIsTaken() {
        boolean[] lacking = {true};
        ConfirmRing overtaxed = new ConfirmRing(new LinkedHashMap<>() {
            @Override
            public PendingSend put(Long number, PendingSend send) {
                PendingSend before = super.put(number, send);
                if (lacking[0]) {
                    throw new InternalError("lack of memory");
                }
                return before;
            }
        });
        List<PendingSend> taken = new ArrayList<>();
        overtaxed.put(1, send());
        assertThatThrownBy(() -> overtaxed.put(1L << 40, send())).isInstanceOf(InternalError.class);
        overtaxed.takeIf(send -> true, taken);
        assertThat(taken).hasSize(1);
        lacking[0] = false;
        PendingSend later = send();
        overtaxed.put(2, later);
        overtaxed.put(3, send());
        taken.clear();
        overtaxed.take(1, false, taken);
        assertThat(taken).isEmpty();
        overtaxed.take(3, true, taken);

        assertThat(taken).hasSize(2).startsWith(later);
        assertThat(overtaxed.size()).isZero();
    }

    @Test
    void itIsWhatAMapByNumbersWouldBe() {
        for (long seed = 1; seed <= 20; seed++) {
            compare(seed);
        }
    }

    private void compare(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        TreeMap<Long, PendingSend> expected = new TreeMap<>();
        long number = 0;
        for (int step = 0; step < 20_000; step++) {
            // Most are answered soon, some late, so that the oldest are far behind.
            number += random.nextInt(100) == 0 ? random.nextInt(1, 3_000) : 1;
            PendingSend send = send();
            ring.put(number, send);
            expected.put(number, send);
            if (random.nextInt(50) != 0) {
                take(number, false, expected);
            }
            if (random.nextInt(200) == 0) {
                take(number - random.nextInt(30_000), false, expected);
                take(expected.isEmpty() ? 0 : expected.firstKey(), random.nextBoolean(), expected);
            }
            if (random.nextInt(4_000) == 0) {
                take(number - random.nextInt(10_000), true, expected);
            }
            if (random.nextInt(4_000) == 0) {
                takeEvenly(expected);
            }
            assertThat(ring.size()).as("seed %s, step %s", seed, step).isEqualTo(expected.size());
        }
        assertSame(expected, seed);
        take(number, true, expected);
        assertThat(ring.size()).as("seed %s", seed).isZero();
    }

    private void take(long number, boolean multiple, NavigableMap<Long, PendingSend> expected) {
        List<PendingSend> taken = new ArrayList<>();
        ring.take(number, multiple, taken);
        SortedMap<Long, PendingSend> meant =
                multiple ? expected.headMap(number, true) : expected.subMap(number, true, number, true);
        assertThat(taken).containsExactlyElementsOf(meant.values());
        meant.clear();
    }

    /** Every third, as when their deadlines have passed. */
    private void takeEvenly(NavigableMap<Long, PendingSend> expected) {
        List<PendingSend> taken = new ArrayList<>();
        ring.takeIf(send -> send.sequence % 3 == 0, taken);
        List<PendingSend> meant = expected.entrySet().stream()
                .filter(each -> each.getKey() % 3 == 0)
                .map(Map.Entry::getValue)
                .toList();
        assertThat(taken).containsExactlyElementsOf(meant);
        expected.keySet().removeIf(each -> each % 3 == 0);
    }

    private void assertSame(NavigableMap<Long, PendingSend> expected, long seed) {
        List<PendingSend> seen = new ArrayList<>();
        ring.forEach(seen::add);
        assertThat(seen).as("seed %s", seed).containsExactlyElementsOf(expected.values());
        expected.forEach((number, send) ->
                assertThat(ring.get(number)).as("seed %s", seed).isSameAs(send));
    }

    private static PendingSend send() {
        return new PendingSend("", MESSAGE, 0, 0, new CompletableFuture<>());
    }

    private void write() {
        for (int number = 1; number <= SENDS; number++) {
            PendingSend send = send();
            synchronized (ring) {
                sent.add(send);
                ring.put(number, send);
            }
        }
    }
}
