package io.microservicekit.messaging.kafka.internal;

import static io.microservicekit.messaging.kafka.internal.ScriptedConsumer.OTHER;
import static io.microservicekit.messaging.kafka.internal.ScriptedConsumer.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code group.protocol=consumer} each call of the driver may be interrupted, or answered too late, also one that is local otherwise. */
class InterruptionsTest extends ScriptedSubscription {
    /** Two seeks and a pause in the callback, two seeks and a resume when they are pinned. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void anInterruptionWhilePartitionsComeLeavesNoneAside(int call) {
        consumer.grow();
        consumer.failLocalCall(call, new InterruptException(new InterruptedException()));
        run(
                () -> consumer.rebalance(List.of(PARTITION, OTHER)),
                () -> consumer.addRecords(5, 10),
                () -> acknowledge(4));
        assertThat(consumer.hasFailedLocalCall()).isTrue();
        assertThat(heard.events()).containsExactly("assigned 1", "assigned 2", "ready", "delivered 10");
        assertThat(consumer.paused()).isEmpty();
        assertThat(Thread.interrupted()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void noPartitionIsHeldBeforeAllOfItsGroupAreSetToTheirPositions(int call) {
        consumer.grow();
        consumer.failLocalCall(call, new TimeoutException("nobody answers"));
        run(() -> consumer.rebalance(List.of(PARTITION, OTHER)), () -> {}, () -> {});
        assertThat(consumer.hasFailedLocalCall()).isTrue();
        assertThat(heard.events()).containsExactly("assigned 1", "assigned 2", "ready");
        assertThat(consumer.paused()).isEmpty();
    }

    /** A seek, a pause, a seek and a resume come before. */
    @Test
    void aCommandThatIsInterruptedIsDoneAllTheSame() {
        consumer.failLocalCall(4, new InterruptException(new InterruptedException()));
        List<TopicPartition> paused = new ArrayList<>();
        run(this::join, () -> loop.pause(Set.of(heard.lastAssigned())), () -> paused.addAll(consumer.paused()));
        assertThat(consumer.hasFailedLocalCall()).isTrue();
        assertThat(paused).containsExactly(PARTITION);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aCommandThatIsAnsweredTooLateStopsNothing(int call) {
        consumer.failLocalCall(call, new TimeoutException("nobody answers"));
        run(
                this::join,
                () -> {
                    loop.pause(Set.of(heard.lastAssigned()));
                    loop.resume(Set.of(heard.lastAssigned()));
                },
                () -> {},
                () -> consumer.addRecords(5, 10),
                () -> {});
        assertThat(consumer.hasFailedLocalCall()).isTrue();
        assertThat(heard.failures()).isEmpty();
    }

    /** Else what it has below the old position would never be read. */
    @Test
    void aTopicMadeAnewIsReadFromItsBeginningAlsoWhenItIsNotPausedAtTheFirstAttempt() {
        runWithTen(
                () -> {
                    topics.makeAnew();
                    consumer.bounds(0, 30);
                    consumer.failLocalCall(0, new TimeoutException("nobody answers"));
                    runtime.advance(ScriptedTopics.AGE);
                },
                () -> {},
                () -> {},
                () -> consumer.addRecords(0, 3),
                () -> {});
        assertThat(consumer.hasFailedLocalCall()).isTrue();
        assertThat(heard.events())
                .containsExactly(
                        "assigned 1", "ready", "delivered 10", "lost 1", "reset 15 to 0", "assigned 2", "delivered 3");
    }

    @Test
    void anErrorWhileCommittingAtTheEndIsLoggedAndKeepsNobodyWaiting() {
        runWithTen(() -> {
            acknowledge(9);
            consumer.failCommit(new AssertionError("a bug of the driver"));
        });
        assertThat(consumer.closed()).isTrue();
        assertThat(loop.close(Duration.ZERO)).isDone();
        assertThat(heard.logged()).anyMatch(line -> line.startsWith("ERROR") && line.contains("a bug of the driver"));
    }
}
