package io.microservicekit.messaging.kafka.internal;

import static io.microservicekit.messaging.kafka.internal.ScriptedConsumer.OTHER;
import static io.microservicekit.messaging.kafka.internal.ScriptedConsumer.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A close while the group is between two assignments, when it takes no commit. */
class CloseDuringARebalanceTest extends ScriptedSubscription {
    /** Ten records of which half are handled, and a close after the group has begun to move; then one more step for each poll. */
    private void runAndCloseWhileMoving(Runnable... steps) {
        consumer.schedulePollTask(this::join);
        consumer.schedulePollTask(() -> consumer.addRecords(5, 10));
        consumer.schedulePollTask(() -> {
            acknowledge(9);
            consumer.move();
            closed = loop.close(LIMIT);
        });
        Stream.of(steps).forEach(consumer::schedulePollTask);
        loop.run();
    }

    @Test
    void whatIsFinishedIsCommittedInTheNextAssignment() {
        runAndCloseWhileMoving(() -> {}, () -> consumer.rejoin(List.of(PARTITION), false));
        assertThat(consumer.committed()).containsExactly(5L, 10L);
        assertThat(heard.logged()).noneMatch(line -> line.startsWith("WARNING"));
        assertThat(consumer.closed()).isTrue();
        assertThat(closed).isCompletedWithValue(0L);
    }

    @Test
    void itIsCommittedBeforeTheNextRoundBegins() {
        consumer.grow();
        runAndCloseWhileMoving(() -> consumer.rejoin(List.of(PARTITION, OTHER), true));
        assertThat(consumer.committed()).containsExactly(5L, 10L);
        assertThat(heard.events()).doesNotContain("assigned 2");
        assertThat(heard.logged()).noneMatch(line -> line.startsWith("WARNING"));
    }

    @Test
    void itIsCommittedWhenTheNextAssignmentTakesThePartitionAway() {
        runAndCloseWhileMoving(() -> consumer.rejoin(List.of(), true));
        assertThat(consumer.committed()).containsExactly(5L, 10L);
    }

    @Test
    void aPartitionThatIsTakenAwayMeanwhileIsCommittedWithinTheLimitOfTheClose() {
        runAndCloseWhileMoving(() -> runtime.advance(LIMIT.minusSeconds(1)), () -> consumer.rejoin(List.of(), true));
        assertThat(consumer.committed()).containsExactly(5L, 10L);
        assertThat(consumer.lastLimit()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void nothingIsCommittedOfAPartitionThatIsLostMeanwhile() {
        runAndCloseWhileMoving(() -> consumer.losePartitions(List.of(PARTITION)));
        assertThat(consumer.committed()).containsExactly(5L);
        assertThat(consumer.closed()).isTrue();
        assertThat(closed).isCompletedWithValue(5L);
    }

    @Test
    void nothingMoreIsReceivedMeanwhile() {
        runAndCloseWhileMoving(
                () -> {}, () -> consumer.addRecords(15, 10), () -> consumer.rejoin(List.of(PARTITION), false));
        assertThat(heard.events()).containsExactly("assigned 1", "ready", "delivered 10", "acknowledged 9");
        assertThat(consumer.committed()).containsExactly(5L, 10L);
    }

    @Test
    void aRebalanceThatDoesNotEndIsWaitedForAsLongAsTheCloseMayTakeAndItsDuplicatesAreAnnounced() {
        long begun = runtime.nanoTime();
        Runnable second = () -> runtime.advance(Duration.ofSeconds(1));
        runAndCloseWhileMoving(second, second, second, second, second);
        assertThat(runtime.nanoTime() - begun).isEqualTo(LIMIT.toNanos());
        assertThat(consumer.committed()).containsExactly(5L);
        assertThat(heard.logged())
                .filteredOn(line -> line.startsWith("WARNING"))
                .singleElement()
                .asString()
                .contains("will be delivered again");
        assertThat(consumer.closed()).isTrue();
        assertThat(closed).isCompletedWithValue(5L);
    }

    @Test
    void aCloseWithNothingToCommitDoesNotWaitForTheRebalance() {
        run(this::join, consumer::move);
        assertThat(consumer.polls()).isEqualTo(3);
        assertThat(consumer.closed()).isTrue();
    }
}
