package io.microservicekit.messaging.rabbitmq.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AcknowledgementBookTest {
    private final AcknowledgementBook book = new AcknowledgementBook();
    private final Credit credit = new Window(1, 1, false).grow("c", 100);

    private void delivered(long... tags) {
        for (long tag : tags) {
            book.delivered(tag, credit);
        }
    }

    @Test
    void nothingIsSentForAWatermarkBelowTheFirstDelivery() {
        delivered(7, 8);
        book.finished(6, new long[0]);

        assertThat(book.take()).isEmpty();
    }

    @Test
    void aWatermarkBetweenDeliveriesReachesTheLastOneBelowIt() {
        delivered(2, 4, 9);
        book.finished(8, new long[0]);

        assertThat(book.take()).containsExactly(new Acknowledgement(4, true));
        assertThat(book.unacknowledged()).isEqualTo(1);
        assertThat(credit.free()).isEqualTo(100);
    }

    @Test
    void singleOnesThatJoinTheLowestAreSentAsOne() {
        delivered(1, 2, 3, 4, 5, 6);
        book.finished(0, new long[] {1, 2, 3, 5});

        assertThat(book.take()).containsExactly(new Acknowledgement(3, true), new Acknowledgement(5, false));
    }

    @Test
    void whatIsPassedOnIsReportedOnceItIsSent() {
        delivered(1, 2, 3);
        book.finished(2, new long[0]);
        assertThat(book.news()).isZero();
        book.take();

        assertThat(book.news()).isEqualTo(2);
        assertThat(book.news()).isZero();
        book.finished(1, new long[0]);
        assertThat(book.news()).isZero();
    }

    @Test
    void nothingIsTakenThatIsNotFinishedAndNothingTwice() {
        for (long seed = 1; seed <= 500; seed++) {
            run(new SplittableRandom(seed), seed);
        }
    }

    private static void run(SplittableRandom random, long seed) {
        AcknowledgementBook book = new AcknowledgementBook();
        Credit credit = new Window(1, 1, false).grow("c", 1000);
        TreeSet<Long> unacknowledged = new TreeSet<>();
        TreeSet<Long> unfinished = new TreeSet<>();
        long last = 0;
        for (int step = 0; step < 100; step++) {
            for (int i = random.nextInt(4); i > 0; i--) {
                book.delivered(++last, credit);
                unacknowledged.add(last);
                unfinished.add(last);
            }
            List<Long> above = new ArrayList<>();
            new ArrayList<>(unfinished)
                    .stream().filter(tag -> random.nextInt(4) == 0).forEach(above::add);
            unfinished.removeAll(above);
            long watermark = unfinished.isEmpty() ? last : unfinished.first() - 1;
            book.finished(watermark, above.stream().mapToLong(Long::longValue).toArray());
            if (random.nextBoolean()) {
                for (Acknowledgement each : book.take()) {
                    assertThat(unacknowledged).as("seed %d", seed).contains(each.tag());
                    var meant = each.multiple()
                            ? new TreeSet<>(unacknowledged.headSet(each.tag(), true))
                            : new TreeSet<>(List.of(each.tag()));
                    assertThat(unfinished).as("seed %d", seed).doesNotContainAnyElementsOf(meant);
                    unacknowledged.removeAll(meant);
                }
                assertThat(unacknowledged).as("seed %d", seed).isEqualTo(unfinished);
            }
        }
    }
}
