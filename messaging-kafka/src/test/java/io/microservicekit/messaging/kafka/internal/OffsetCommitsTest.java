package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commits of two topics that the driver gives up, does not answer, or refuses because of one topic. */
class OffsetCommitsTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final HeardByEngine heard = new HeardByEngine();
    private final ScriptedConsumer consumer = new ScriptedConsumer(5);
    private final Holdings holdings = new Holdings();
    private final Holding live = hold("topic");
    private final Holding other = hold("other");
    private final Set<String> taken = new TreeSet<>();
    private final OffsetCommits commits = new OffsetCommits(
            new OffsetCommits.Parts(consumer, new DriverCalls(consumer, () -> false, () -> {}), holdings, heard),
            1_000,
            (assignment, upTo) -> taken.add(assignment.topic() + " " + upTo));

    private Holding hold(String topic) {
        return holdings.hold(
                new TopicPartition(topic, 0), new PositionResolver.Position(5, new PinMetadata(1, null), false, null));
    }

    static Stream<KafkaException> thrownInsideTheCall() {
        return Stream.of(new TimeoutException("offsets not ready"), new InterruptException(new InterruptedException()));
    }

    @ParameterizedTest
    @MethodSource("thrownInsideTheCall")
    void anAsynchronousCommitThatIsGivenUpInsideTheCallIsRepeated(KafkaException failure) {
        live.acknowledge(9);
        consumer.failAsyncCall(failure);
        assertThatThrownBy(() -> commits.commitIfDue(0)).isSameAs(failure);
        Thread.interrupted(); // as the loop does before its next turn
        commits.commitIfDue(SECOND);
        assertThat(taken).containsExactly("topic 9");
    }

    @Test
    void anAsynchronousCommitThatIsNeverAnsweredIsRepeatedAndHealthNamesIt() {
        live.acknowledge(9);
        consumer.beSilent(true);
        commits.commitIfDue(0);
        commits.commitIfDue(30 * SECOND - 1);
        assertThat(commits.impediment(30 * SECOND - 1)).isNull();
        consumer.beSilent(false);
        consumer.failCommit(new TimeoutException("again"));
        commits.commitIfDue(30 * SECOND);
        assertThat(commits.impediment(30 * SECOND)).contains("failing for 30 s").contains("TimeoutException");
        commits.commitIfDue(31 * SECOND);
        assertThat(taken).containsExactly("topic 9");
        assertThat(commits.impediment(31 * SECOND)).isNull();
    }

    @Test
    void aSynchronousCommitThatTheBrokerTakesEndsTheFailing() {
        live.acknowledge(9);
        consumer.failCommit(new RebalanceInProgressException());
        commits.commitIfDue(0);
        assertThat(commits.impediment(6 * SECOND)).contains("RebalanceInProgressException");
        commits.commitBeforeGoing(List.of(live), Duration.ofSeconds(5));
        assertThat(commits.impediment(6 * SECOND)).isNull();
    }

    @Test
    void aTopicThatIsDeletedDoesNotKeepTheOthersFromBeingCommittedWhenTheyGo() {
        live.acknowledge(9);
        other.acknowledge(7);
        consumer.delete("other");
        commits.commitBeforeGoing(List.of(live, other), Duration.ofSeconds(5));
        assertThat(taken).containsExactly("topic 9");
        assertThat(heard.logged())
                .filteredOn(line -> line.startsWith("WARNING"))
                .singleElement()
                .asString()
                .contains("other-0")
                .doesNotContain("topic-0");
        assertThat(holdings.unacknowledged()).isEqualTo(3);
    }

    @Test
    void theSameAtTheEnd() {
        live.acknowledge(9);
        other.acknowledge(7);
        consumer.delete("other");
        assertThat(commits.commitUnlessMoving(Duration.ofSeconds(5))).isTrue();
        assertThat(taken).containsExactly("topic 9");
    }

    @Test
    void aRebalanceThatBeginsWhileTopicsAreCommittedOnTheirOwnIsWaitedFor() {
        live.acknowledge(9);
        other.acknowledge(7);
        consumer.failCommit(new KafkaException("Topic or Partition does not exist"));
        consumer.failCommit(new RebalanceInProgressException());
        assertThat(commits.commitUnlessMoving(Duration.ofSeconds(5))).isFalse();
        assertThat(taken).isEmpty();
    }

    @Test
    void aLateAnswerOfACommitThatWasGivenUpChangesNothing() {
        live.acknowledge(9);
        consumer.beSilent(true);
        commits.commitIfDue(0);
        commits.commitIfDue(30 * SECOND);
        commits.commitIfDue(31 * SECOND);
        consumer.answer(1, null);
        consumer.answer(0, new TimeoutException("late"));
        assertThat(taken).containsExactly("topic 9");
        assertThat(commits.impediment(90 * SECOND)).isNull();
    }

    @Test
    void whatFailsForAnotherReasonIsTriedOnce() {
        live.acknowledge(9);
        other.acknowledge(7);
        consumer.failCommit(new TimeoutException("nobody answers"));
        commits.commitBeforeGoing(List.of(live, other), Duration.ofSeconds(5));
        assertThat(taken).isEmpty();
    }
}
