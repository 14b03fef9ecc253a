package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class HoldingsTest {
    private static final int PARTITIONS = 7;
    private static final int STEPS = 20_000;
    private static final long THRESHOLD = 50;

    private final Holdings holdings = new Holdings(THRESHOLD);
    private final List<Holding> ever = new ArrayList<>();
    private final List<Holding.Commit> underWay = new ArrayList<>();
    private int worthACommit;

    /** Partitions come, go and come again, and the broker takes late what was sent for holdings that are gone. */
    @Test
    void whatTheBrokerHasNotTakenIsAlwaysTheSumOverThePartitionsThatAreHeld() {
        long seed = Long.getLong("seed", 20_261_126L);
        System.out.println("HoldingsTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < STEPS; step++) {
            step(random);
            assertThat(holdings.unacknowledged()).as("step %d", step).isEqualTo(sum());
            boolean worth = holdings.all().stream().anyMatch(holding -> holding.uncommitted() >= THRESHOLD);
            assertThat(holdings.isWorthACommit()).as("step %d", step).isEqualTo(worth);
            worthACommit += worth ? 1 : 0;
        }
        assertThat(worthACommit).as("did not test: the threshold").isBetween(STEPS / 50, STEPS - STEPS / 50);
        assertThat(ever).as("did not test: holdings").hasSizeGreaterThan(STEPS / 50);
    }

    private void step(SplittableRandom random) {
        TopicPartition partition = new TopicPartition("topic", random.nextInt(PARTITIONS));
        switch (random.nextInt(10)) {
            case 0 -> ever.add(holdings.hold(partition, position(random.nextInt(100))));
            case 1 -> holdings.remove(Collections.singleton(partition));
            case 2, 3, 4 -> commit(random);
            default -> acknowledge(random);
        }
    }

    private void acknowledge(SplittableRandom random) {
        if (!ever.isEmpty()) {
            ever.get(random.nextInt(ever.size())).acknowledge(random.nextInt(200));
        }
    }

    private void commit(SplittableRandom random) {
        if (underWay.isEmpty()) {
            holdings.all().forEach(holding -> underWay.add(holding.toCommit()));
        } else {
            underWay.remove(random.nextInt(underWay.size())).taken();
        }
    }

    private long sum() {
        return holdings.all().stream().mapToLong(Holding::uncommitted).sum();
    }

    private static PositionResolver.Position position(long offset) {
        return new PositionResolver.Position(offset, new PinMetadata(1, null), false, null);
    }
}
