package io.microservicekit.messaging.kafka.internal;

import static io.microservicekit.messaging.kafka.internal.ScriptedConsumer.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the driver throws, and what becomes of the subscription and its commits. */
class ConsumerFailuresTest extends ScriptedSubscription {
    private final List<String> impediments = new ArrayList<>();

    /** What health is told at that moment; "null" is that nothing keeps it from taking part. */
    private void lookAtHealth() {
        impediments.add(String.valueOf(loop.impedimentSeen()));
    }

    static Stream<RuntimeException> thrownByACommitAtARevocation() {
        return Stream.of(
                new RebalanceInProgressException("moving"),
                new CommitFailedException("another member has them"),
                new FencedInstanceIdException("another instance"),
                new UnknownMemberIdException("who are you"),
                new TimeoutException("nobody answers"),
                new UnknownTopicOrPartitionException("deleted"),
                new GroupAuthorizationException("group"),
                new SaslAuthenticationException("who are you"),
                new KafkaException("fatal"));
    }

    @ParameterizedTest
    @MethodSource("thrownByACommitAtARevocation")
    void aCommitThatFailsAtARevocationStopsNothingAndIsNotSentLater(RuntimeException failure) {
        heard.onRevoked(() -> {
            acknowledge(9);
            consumer.failCommit(failure);
        });
        runWithTen(
                () -> consumer.rebalance(List.of()),
                () -> acknowledge(12),
                () -> runtime.advance(Duration.ofSeconds(2)),
                () -> {},
                this::lookAtHealth);
        assertThat(impediments).containsExactly("null");
        assertThat(heard.events()).containsExactly("assigned 1", "ready", "delivered 10", "revoked 1");
        assertThat(heard.logged())
                .anyMatch(line -> line.startsWith("WARNING") && line.contains("will be delivered again"));
        assertThat(consumer.committed()).containsExactly(5L);
    }

    @ParameterizedTest
    @MethodSource("thrownByACommitAtARevocation")
    void aCloseTellsHowManyOfTheLastAcknowledgementsTheBrokerHasNotTaken(RuntimeException failure) {
        Runnable last = () -> {
            acknowledge(9);
            closed = loop.close(LIMIT);
            for (int repetition = 0; repetition < 100; repetition++) {
                consumer.failCommit(failure);
            }
        };
        runWithTen(last, () -> runtime.advance(LIMIT));
        assertThat(closed).isCompletedWithValue(5L);
    }

    @Test
    void aCloseWhosePollThreadHangsTellsWhatItLastHeardOfTheBroker() {
        runWithTen(
                () -> {
                    acknowledge(9);
                    consumer.wakeup();
                },
                () -> {
                    closed = loop.close(LIMIT);
                    runtime.advance(LIMIT);
                    runtime.runAll();
                });
        assertThat(closed).isCompletedWithValue(5L);
    }

    static Stream<RuntimeException> thrownForAWhile() {
        return Stream.of(
                new RetriableCommitFailedException("moving"),
                new RebalanceInProgressException("moving"),
                new CommitFailedException("another member has them"),
                new TimeoutException("nobody answers"),
                new DisconnectException("gone"),
                new CoordinatorNotAvailableException("moving"),
                new UnknownTopicOrPartitionException("deleted"));
    }

    @ParameterizedTest
    @MethodSource("thrownForAWhile")
    void anAsynchronousCommitThatFailsForAWhileIsRepeatedForWhatIsStillHeld(RuntimeException failure) {
        runWithTen(
                () -> failToCommitFive(failure),
                () -> runtime.advance(Duration.ofSeconds(1)),
                () -> runtime.advance(Duration.ofSeconds(10)),
                () -> {},
                this::lookAtHealth);
        assertThat(impediments).containsExactly("null");
        assertThat(heard.events()).containsExactly("assigned 1", "ready", "delivered 10", "acknowledged 9");
        assertThat(consumer.committed()).containsExactly(5L, 10L);
    }

    @ParameterizedTest
    @MethodSource("thrownForAWhile")
    void anAsynchronousCommitThatFailedIsNotRepeatedForWhatWasLost(RuntimeException failure) {
        runWithTen(
                () -> failToCommitFive(failure),
                () -> consumer.losePartitions(List.of(PARTITION)),
                () -> consumer.rebalance(List.of()),
                () -> runtime.advance(Duration.ofSeconds(10)),
                () -> {},
                this::lookAtHealth);
        assertThat(impediments).containsExactly("null");
        assertThat(heard.events()).containsExactly("assigned 1", "ready", "delivered 10", "lost 1");
        assertThat(consumer.committed()).containsExactly(5L);
    }

    /** An ordinary rebalance: the member goes on with nothing, or with partitions that nobody sends to. */
    @ParameterizedTest
    @MethodSource("thrownForAWhile")
    void aRevocationWhoseCommitSucceedsAfterOneThatFailedLeavesNothingFailing(RuntimeException failure) {
        runWithTen(
                () -> failToCommitFive(failure),
                () -> consumer.rebalance(List.of()),
                () -> runtime.advance(Duration.ofMinutes(5)),
                () -> {},
                this::lookAtHealth);
        assertThat(impediments).containsExactly("null");
        assertThat(heard.events())
                .containsExactly("assigned 1", "ready", "delivered 10", "revoked 1", "acknowledged 9");
        assertThat(consumer.committed()).containsExactly(5L, 10L);
    }

    static Stream<KafkaException> thrownByAPollForAWhile() {
        return Stream.of(
                new TimeoutException("nobody answers"),
                new DisconnectException("gone"),
                new CoordinatorNotAvailableException("moving"),
                new UnknownTopicOrPartitionException("deleted"),
                new WakeupException(),
                new InterruptException(new InterruptedException()));
    }

    @ParameterizedTest
    @MethodSource("thrownByAPollForAWhile")
    void aPollThatFailsForAWhileStopsNothing(KafkaException failure) {
        run(
                this::join,
                () -> consumer.setPollException(failure),
                () -> consumer.addRecords(5, 10),
                () -> acknowledge(14));
        assertThat(heard.events()).containsExactly("assigned 1", "ready", "delivered 10", "acknowledged 14");
        assertThat(consumer.committed()).containsExactly(5L, 15L);
        assertThat(Thread.interrupted()).isFalse();
    }

    static Stream<Arguments> thrownForEver() {
        return Stream.of(
                Arguments.of(new SaslAuthenticationException("who are you"), ErrorCode.AUTHENTICATION, "who are you"),
                Arguments.of(new TopicAuthorizationException("topic"), ErrorCode.AUTHORIZATION, "topic"),
                Arguments.of(new GroupAuthorizationException("group"), ErrorCode.AUTHORIZATION, "group"),
                Arguments.of(new FencedInstanceIdException("fenced"), ErrorCode.CREATE_CONSUMER, "group.instance.id"),
                Arguments.of(
                        new InconsistentGroupProtocolException("other"), ErrorCode.CREATE_CONSUMER, "rolling restart"),
                Arguments.of(
                        new KafkaException(
                                "Received exception when fetching the next record from topic-0. If needed, please"
                                        + " seek past the record to continue consumption.",
                                new CorruptRecordException("crc")),
                        ErrorCode.CREATE_CONSUMER,
                        "next record"),
                Arguments.of(new UnsupportedVersionException("old"), ErrorCode.CREATE_CONSUMER, "old"));
    }

    @ParameterizedTest
    @MethodSource("thrownForEver")
    void aPollThatFailsForEverEndsTheSubscriptionWithItsReasonAndCommitsWhatIsFinished(
            KafkaException failure, ErrorCode code, String reason) {
        runWithTen(() -> consumer.setPollException(failure), () -> acknowledge(9));
        assertThat(heard.failures()).singleElement().satisfies(told -> {
            assertThat(told.code()).isEqualTo(code);
            assertThat(told).hasMessageContainingAll("topic", "group", reason).hasCause(failure);
        });
        assertThat(consumer.committed()).containsExactly(5L, 10L);
        assertThat(consumer.closed()).isTrue();
    }

    /** The driver's mock throws its own kind of errors only; the loop catches all. */
    @Test
    void anErrorThatIsNotTheDriversEndsTheSubscriptionToo() {
        run(this::join, () -> {
            throw new IllegalStateException("a bug");
        });
        assertThat(heard.events()).endsWith("failed CREATE_CONSUMER");
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void aCommitThatTheBrokerForbidsEndsTheSubscription() {
        runWithTen(() -> failToCommitFive(new GroupAuthorizationException("group")), () -> {});
        assertThat(heard.events())
                .containsExactly("assigned 1", "ready", "delivered 10", "failed AUTHORIZATION", "acknowledged 9");
        assertThat(consumer.closed()).isTrue();
    }

    /** As of a broker that answers a join with an error that the driver does not know, or of a corrupt batch: {@code KafkaException} itself. */
    @Test
    void aPollThatFailsUnexpectedlyIsTriedAgainAndSaidUntilOneSucceeds() {
        runtime.whenDrained(this::lookAtHealth);
        run(
                this::join,
                () -> failPolls(10),
                () -> consumer.addRecords(5, 10),
                () -> acknowledge(14),
                this::lookAtHealth);
        assertThat(impediments).hasSize(11).startsWith("null").endsWith("null");
        assertThat(impediments.get(9))
                .contains("its polls have been failing for 6 s")
                .doesNotContain("nobody knows");
        assertThat(heard.events()).containsExactly("assigned 1", "ready", "delivered 10", "acknowledged 14");
        assertThat(heard.logged())
                .filteredOn(line -> line.startsWith("WARNING"))
                .singleElement()
                .asString()
                .contains("Polling in group 'group' failed", "nobody knows");
        assertThat(consumer.committed()).containsExactly(5L, 15L);
    }

    @Test
    void aPollThatFailsUnexpectedlyForFiveMinutesEndsTheSubscriptionWithItsReason() {
        long begun = runtime.nanoTime();
        List<Long> passed = new ArrayList<>();
        heard.onFailed(() -> passed.add(runtime.nanoTime() - begun));
        run(this::join, () -> failPolls(400), () -> {});
        assertThat(passed)
                .singleElement()
                .satisfies(nanos -> assertThat(nanos)
                        .isBetween(
                                Recovery.AT_MOST.toNanos(),
                                Recovery.AT_MOST.plusSeconds(2).toNanos()));
        assertThat(heard.failures()).singleElement().satisfies(told -> {
            assertThat(told.code()).isEqualTo(ErrorCode.CREATE_CONSUMER);
            assertThat(told).hasMessageContainingAll("topic", "group", "nobody knows");
        });
    }

    /** Pauses are 0.1 s, 0.2 s and so on up to 1 s: ten are 7.5 s. */
    private void failPolls(int times) {
        consumer.failPolls(times, new KafkaException("nobody knows"));
    }

    @Test
    void aQuestionThatFailsUnexpectedlyIsAskedAgain() {
        consumer.onQuestion(() -> {
            consumer.onQuestion(() -> {});
            throw new KafkaException("nobody knows");
        });
        run(
                this::join,
                () -> {},
                () -> runtime.advance(Duration.ofSeconds(3)),
                () -> {},
                () -> consumer.addRecords(5, 10));
        assertThat(heard.events()).containsExactly("assigned 1", "ready", "delivered 10");
    }

    @Test
    void anErrorOfACallbackOfOursEndsTheSubscription() {
        run(this::join, () -> consumer.setPollException(new KafkaException("callback", new IllegalStateException())));
        assertThat(heard.events()).endsWith("failed CREATE_CONSUMER");
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void whatHandlersFinishAfterAFailureIsCommittedUntilTheEngineCloses() {
        List<Long> committed = new ArrayList<>();
        runWithTen(
                () -> consumer.setPollException(new TopicAuthorizationException("topic")),
                () -> acknowledge(9),
                () -> runtime.advance(Duration.ofSeconds(1)),
                () -> committed.addAll(consumer.committed()),
                () -> {
                    consumer.addRecords(15, 10);
                    acknowledge(11);
                });
        assertThat(committed).containsExactly(5L, 10L);
        assertThat(consumer.committed()).containsExactly(5L, 10L, 12L);
        assertThat(heard.events())
                .containsExactly(
                        "assigned 1",
                        "ready",
                        "delivered 10",
                        "failed AUTHORIZATION",
                        "acknowledged 9",
                        "acknowledged 11");
    }

    @Test
    void aFailedSubscriptionThatNobodyClosesEndsAfterTenSeconds() {
        long begun = runtime.nanoTime();
        Stream.<Runnable>of(this::join, () -> consumer.setPollException(new TopicAuthorizationException("topic")))
                .forEach(consumer::schedulePollTask);
        heard.onFailed(() -> consumer.setPollException(new KafkaException("still fatal")));
        loop.run();
        assertThat(runtime.nanoTime() - begun).isEqualTo(Duration.ofSeconds(10).toNanos());
        assertThat(consumer.closed()).isTrue();
    }
}
