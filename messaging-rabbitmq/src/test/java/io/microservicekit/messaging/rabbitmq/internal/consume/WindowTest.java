package io.microservicekit.messaging.rabbitmq.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sums over the consumers of a channel. */
class WindowTest {
    private static final int SIZE = 2;

    private final AcknowledgementBook book = new AcknowledgementBook();
    private final List<Credit> all = new ArrayList<>();
    private long lastTag;

    private void grow(Window window, int credit) {
        Credit grown = window.grow("tag", credit);
        all.add(grown);
        for (int i = 0; i < credit; i++) {
            deliver(window, grown);
        }
    }

    private void deliver(Window window, Credit credit) {
        Credit named = window.named(credit.consumerTag);
        assertThat(named).isSameAs(credit);
        book.delivered(++lastTag, credit);
    }

    private Credit credit(long tag) {
        return Objects.requireNonNull(book.credit(tag));
    }

    /** By a consumer each. As a session asks for each of them: to look at each consumer each time would take minutes. */
    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void manyAreHeldAndReleasedWithoutLookingAtEachConsumerEachTime() {
        Window window = new Window(SIZE, 100_000, false);
        grow(window, window.growth());
        long held = 0;
        while (held < lastTag) {
            credit(++held).hold(held);
            assertThat(window.surplus()).isNull();
            int growth = window.growth();
            if (growth > 0) {
                grow(window, growth);
            }
        }
        assertThat(window.held()).isEqualTo(100_000 + SIZE);
        assertThat(window.stuck()).isTrue();

        for (long tag = 1; tag <= held; tag++) {
            credit(tag).release(tag);
            for (Credit surplus = window.surplus(); surplus != null; surplus = window.surplus()) {
                surplus.end();
            }
        }
        assertThat(window.running()).hasSizeLessThan(3);
        assertThat(window.held()).isZero();
    }

    @Test
    void whateverHappensTheSumsAreThoseOfTheConsumers() {
        for (long seed = 1; seed <= 200; seed++) {
            all.clear();
            SplittableRandom random = new SplittableRandom(seed);
            Window window = new Window(6, 20, false);
            for (int step = 0; step < 300; step++) {
                happen(window, random);
                assertThat(window.held()).as("seed %d", seed).isEqualTo(sum(Credit::held));
                assertThat(window.retried()).as("seed %d", seed).isEqualTo(sum(Credit::retried));
                assertThat(window.running())
                        .as("seed %d", seed)
                        .isEqualTo(all.stream().filter(Credit::isLive).toList());
                assertThat(window.growth()).as("seed %d", seed).isEqualTo(growth());
                verifySurplus(window, window.surplus(), seed);
            }
        }
    }

    private void happen(Window window, SplittableRandom random) {
        if (all.isEmpty() || random.nextInt(20) == 0) {
            grow(window, 1 + random.nextInt(6));
            return;
        }
        Credit credit = all.get(random.nextInt(all.size()));
        long tag = lastTag - random.nextInt(20);
        Credit ofTag = book.credit(tag);
        switch (random.nextInt(12)) {
            case 0 -> credit.end();
            case 1 -> end(credit);
            case 2, 3, 4 -> book.finished(0, new long[] {tag});
            case 5 -> book.take();
            default -> holdOrRelease(ofTag, tag, random.nextBoolean());
        }
    }

    private static void end(Credit credit) {
        credit.end();
        credit.gone();
    }

    private static void holdOrRelease(@Nullable Credit credit, long tag, boolean hold) {
        if (credit != null && hold) {
            credit.hold(tag);
        } else if (credit != null) {
            credit.release(tag);
        }
    }

    private int sum(ToIntFunction<Credit> part) {
        return all.stream().mapToInt(part).sum();
    }

    private int growth() {
        boolean running = all.stream().anyMatch(Credit::isLive);
        int free = sum(Credit::free);
        return running && free > 3 ? 0 : Math.max(0, Math.min(6 - free, 26 - sum(Credit::capacity)));
    }

    private void verifySurplus(Window window, @Nullable Credit surplus, long seed) {
        List<Credit> live = all.stream().filter(Credit::isLive).toList();
        int free = live.stream().mapToInt(Credit::free).sum();
        assertThat(surplus != null).as("seed %d", seed).isEqualTo(free > 6 && live.size() > 1);
        assertThat(window.isExceeded()).as("seed %d", seed).isEqualTo(surplus != null);
        if (surplus != null) {
            assertThat(surplus.free()).as("seed %d", seed).isPositive();
        }
    }
}
