package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commits of two topics that the driver gives up, does not answer, or refuses because of one topic. */
class OffsetCommitsTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final ManualRuntime runtime = new ManualRuntime();
    private final HeardByEngine heard = new HeardByEngine();
    private final ScriptedConsumer consumer = new ScriptedConsumer(5);
    private final Holdings holdings = new Holdings(1_000);
    private final Holding live = hold("topic");
    private final Holding other = hold("other");
    private final Set<String> taken = new TreeSet<>();
    private String doubtful = "";
    private final OffsetCommits commits = new OffsetCommits(
            new OffsetCommits.Parts(
                    consumer,
                    new DriverCalls(consumer, () -> false, () -> {}),
                    holdings,
                    heard,
                    runtime::nanoTime,
                    commit -> commit.topic().equals(doubtful)),
            Duration.ofSeconds(30),
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
        commits.sync().commitBeforeGoing(List.of(live), Duration.ofSeconds(5));
        assertThat(commits.impediment(6 * SECOND)).isNull();
    }

    @Test
    void aTopicThatIsDeletedDoesNotKeepTheOthersFromBeingCommittedWhenTheyGo() {
        live.acknowledge(9);
        other.acknowledge(7);
        consumer.delete("other");
        commits.sync().commitBeforeGoing(List.of(live, other), Duration.ofSeconds(5));
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
        assertThat(commits.sync().commitUnlessMoving(Duration.ofSeconds(5))).isTrue();
        assertThat(taken).containsExactly("topic 9");
    }

    @Test
    void aRebalanceThatBeginsWhileTopicsAreCommittedOnTheirOwnIsWaitedFor() {
        live.acknowledge(9);
        other.acknowledge(7);
        consumer.failCommit(new KafkaException("Topic or Partition does not exist"));
        consumer.failCommit(new RebalanceInProgressException());
        assertThat(commits.sync().commitUnlessMoving(Duration.ofSeconds(5))).isFalse();
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
        consumer.failCommit(new CommitFailedException("another member has them"));
        commits.sync().commitBeforeGoing(List.of(live, other), Duration.ofSeconds(5));
        assertThat(taken).isEmpty();
    }

    static Stream<RuntimeException> toldOfATopicThatIsGone() {
        return Stream.of(
                new RetriableCommitFailedException(new UnknownTopicOrPartitionException()), // classic
                new RetriableCommitFailedException(new UnknownTopicIdException("gone")), // consumer
                new KafkaException("Topic or Partition does not exist"));
    }

    @ParameterizedTest
    @MethodSource("toldOfATopicThatIsGone")
    void aTopicThatIsDeletedDoesNotKeepTheOthersFromBeingCommittedByInterval(RuntimeException told) {
        live.acknowledge(9);
        other.acknowledge(7);
        consumer.delete("other", told);
        commits.commitIfDue(0);
        assertThat(taken).isEmpty();
        commits.commitIfDue(1);
        assertThat(taken).containsExactly("topic 9");
        live.acknowledge(11);
        commits.commitIfDue(SECOND);
        assertThat(taken).as("not before the interval").containsExactly("topic 9");
        commits.commitIfDue(1 + SECOND);
        assertThat(taken).contains("topic 11").hasSize(2);
        assertThat(commits.impediment(6 * SECOND)).contains("[other]").doesNotContain("topic]");
        consumer.delete("other", null);
        commits.commitIfDue(2 + 2 * SECOND);
        live.acknowledge(12);
        other.acknowledge(8);
        commits.commitIfDue(3 + 3 * SECOND);
        assertThat(taken).contains("topic 12", "other 7", "other 8");
        assertThat(consumer.asynchronous())
                .containsExactly("other topic", "topic", "other", "topic", "other", "other", "other topic");
        assertThat(commits.impediment(60 * SECOND)).isNull();
    }

    /** The subscription ends, and its handlers have their time. */
    @Test
    void aTopicThatWeMayNotReadAnyMoreIsToldOnceAndDoesNotKeepTheOthersFromBeingCommitted() {
        live.acknowledge(9);
        other.acknowledge(7);
        TopicAuthorizationException told = new TopicAuthorizationException("other");
        consumer.delete("other", told);
        commits.commitIfDue(0);
        commits.commitIfDue(1);
        assertThat(taken).containsExactly("topic 9");
        assertThatThrownBy(() -> commits.commitIfDue(2)).isSameAs(told);
        live.acknowledge(11);
        commits.commitIfDue(1 + SECOND);
        commits.commitIfDue(1 + 2 * SECOND);
        assertThat(taken).containsExactly("topic 11", "topic 9");
    }

    @Test
    void aCommitThatIsAwaitedIsNotKeptWaitingByATopicThatIsDeleted() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        live.acknowledge(9);
        other.acknowledge(7);
        consumer.delete("other");
        commits.flush(live.assignment(), answer);
        commits.commitIfDue(0);
        commits.commitIfDue(1);
        assertThat(answer).isCompleted();
    }

    @Test
    void eachTopicWhoseCommitsFailIsNamedUntilItIsCommittedBesideOneThatIs() {
        Holding third = hold("third");
        other.acknowledge(7);
        third.acknowledge(7);
        consumer.delete("other");
        consumer.delete("third");
        for (int second = 0; second < 7; second++) {
            live.acknowledge(9 + second);
            commits.commitIfDue(second * SECOND);
            commits.commitIfDue(second * SECOND + 1);
        }
        assertThat(taken).contains("topic 15");
        assertThat(commits.impediment(6 * SECOND)).contains("its commits of [other, third] have been failing for 6 s");
        consumer.delete("other", null);
        commits.commitIfDue(7 * SECOND + 1);
        assertThat(commits.impediment(7 * SECOND + 1)).contains("its commits of [third] have been failing for 7 s");
        holdings.remove(List.of(third.partition()));
        commits.commitIfDue(9 * SECOND);
        assertThat(commits.impediment(9 * SECOND)).isNull();
    }

    @Test
    void aFailureOfWhatIsGoneIsForgotten() {
        other.acknowledge(7);
        consumer.delete("other");
        commits.commitIfDue(0);
        assertThat(commits.impediment(6 * SECOND)).contains("[other]");
        holdings.remove(List.of(other.partition()));
        commits.commitIfDue(6 * SECOND);
        assertThat(commits.impediment(12 * SECOND)).isNull();
    }

    /** The driver asks again for a topic that is deleted until the limit is over, as the whole commit of it. */
    @Test
    void whatHasNothingNewDoesNotUseUpTheTimeOfWhatHas() {
        live.acknowledge(9);
        commits.sync().commitBeforeGoing(List.of(live, other), Duration.ofSeconds(5));
        assertThat(consumer.limits()).containsExactly("topic PT5S", "other PT1S");
        assertThat(taken).containsExactly("topic 9");
    }

    /** Nobody has suspected it: the first commit that hears of it is the last one. */
    @Test
    void aTopicThatWasJustDeletedLeavesTheOthersTheirTimeWithinTheLimit() {
        Holding third = hold("third");
        live.acknowledge(9);
        other.acknowledge(7);
        third.acknowledge(8);
        consumer.delete("other");
        consumer.askAgain(runtime::advance);
        long begun = runtime.nanoTime();
        commits.sync().commitBeforeGoing(List.of(live, other, third), Duration.ofSeconds(5));
        assertThat(taken).containsExactly("third 8", "topic 9");
        assertThat(runtime.nanoTime() - begun)
                .as("all but a second together, and shares of that alone")
                .isLessThanOrEqualTo(5 * SECOND);
        assertThat(heard.logged())
                .filteredOn(line -> line.startsWith("WARNING"))
                .singleElement()
                .asString()
                .contains("other-0")
                .doesNotContain("topic-0");
    }

    @Test
    void aCoordinatorThatIsSlowTakesAllInOneCommit() {
        live.acknowledge(9);
        other.acknowledge(7);
        consumer.onCommit(() -> takeTime(Duration.ofMillis(2_600)));
        commits.sync().commitBeforeGoing(List.of(live, other), Duration.ofSeconds(5));
        assertThat(taken).containsExactly("other 7", "topic 9");
        assertThat(consumer.limits()).containsExactlyInAnyOrder("topic PT4S", "other PT4S");
        assertThat(heard.logged()).noneMatch(line -> line.startsWith("WARNING"));
    }

    private void takeTime(Duration answer) {
        boolean late = consumer.lastLimit().compareTo(answer) < 0;
        runtime.advance(late ? consumer.lastLimit() : answer);
        if (late) {
            throw new TimeoutException("slow");
        }
    }

    @Test
    void theOthersHaveHalfOfTheTimeWhereATopicMayBeGone() {
        live.acknowledge(9);
        other.acknowledge(7);
        doubtful = "other";
        commits.sync().commitBeforeGoing(List.of(live, other), Duration.ofSeconds(5));
        assertThat(consumer.limits()).containsExactlyInAnyOrder("topic PT2.5S", "other PT2.5S");
    }

    @Test
    void inTheNextCommitItIsApart() {
        live.acknowledge(9);
        other.acknowledge(7);
        consumer.delete("other");
        consumer.askAgain(runtime::advance);
        assertThat(commits.sync().commitUnlessMoving(Duration.ofSeconds(5))).isTrue();
        live.acknowledge(11);
        commits.sync().commitBeforeGoing(List.of(live, other), Duration.ofSeconds(5));
        assertThat(consumer.limits()).endsWith("topic PT2.5S", "other PT1S");
        assertThat(taken).containsExactly("topic 11", "topic 9");
    }

    /** All are asked for again as long as there is time, whichever of them came first. */
    @Test
    void brokersThatComeBackWithinTheLimitTakeAll() {
        live.acknowledge(9);
        other.acknowledge(7);
        long back = runtime.nanoTime() + 4 * SECOND;
        consumer.delete("other");
        consumer.delete("topic");
        consumer.askAgain(time -> {
            runtime.advance(time);
            if (runtime.nanoTime() - back >= 0) {
                consumer.delete("topic", null);
                consumer.delete("other", null);
            }
        });
        commits.sync().commitBeforeGoing(List.of(live, other), Duration.ofSeconds(5));
        assertThat(taken).containsExactly("other 7", "topic 9");
    }
}
