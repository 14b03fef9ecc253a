package io.microservicekit.messaging.kafka.internal;

import static io.microservicekit.messaging.kafka.internal.ScriptedConsumer.OTHER;
import static io.microservicekit.messaging.kafka.internal.ScriptedConsumer.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

/** The poll loop on the test's thread over the driver's mock; each step of a test is one poll. The group begins at offset 5. */
class KafkaConsumerLoopTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final ManualRuntime runtime = new ManualRuntime();
    private final HeardByEngine heard = new HeardByEngine();
    private final ScriptedTopics topics = new ScriptedTopics();
    private final ScriptedConsumer consumer = new ScriptedConsumer(5);
    private final KafkaConsumerLoop loop = new KafkaConsumerLoop(
            new Session(
                    new ConsumerSpec(
                            "group",
                            List.of("topic"),
                            StartPosition.NEWEST,
                            OrderingMode.PARTITION,
                            1,
                            100_000,
                            null,
                            System.getLogger("test")),
                    heard,
                    new BackendContext("client", runtime, heard, heard, LIMIT),
                    Duration.ofSeconds(2),
                    topics.source()),
            consumer,
            runtime.loop("control"));

    @Test
    void readingGoesOnAtTheBeginningWhenTheWantedOffsetIsGone() {
        List<Long> positions = new ArrayList<>();
        run(
                this::join,
                () -> consumer.bounds(20, 30),
                () -> consumer.setPollException(outOfRange(5)),
                () -> positions.add(consumer.position(PARTITION)),
                () -> consumer.addRecords(20, 3),
                () -> acknowledge(21));
        assertThat(positions).containsExactly(20L);
        assertThat(heard.events()).containsExactly("assigned 1", "ready", "reset 5 to 20", "delivered 3");
        assertThat(heard.logged()).anyMatch(line -> line.startsWith("WARNING") && line.contains("deleted"));
        assertThat(consumer.committed()).containsExactly(5L, 22L);
    }

    @Test
    void aTopicThatWasMadeAnewIsReadInANewEpoch() {
        List<Assignment> old = new ArrayList<>();
        run(
                this::join,
                () -> old.add(heard.lastAssigned()),
                () -> consumer.bounds(0, 3),
                () -> consumer.setPollException(outOfRange(5)),
                () -> loop.acknowledge(old.get(0), 4),
                () -> consumer.addRecords(0, 3),
                () -> acknowledge(1));
        assertThat(heard.events())
                .containsExactly("assigned 1", "ready", "reset 5 to 0", "lost 1", "assigned 2", "delivered 3");
        assertThat(consumer.committed()).containsExactly(5L, 2L);
    }

    /** Its old position lies within the new log, so that the driver notices nothing. */
    @Test
    void aTopicThatWasMadeAnewIsReadFromItsBeginningAsSoonAsItsIdIsKnown() {
        run(
                this::join,
                () -> consumer.addRecords(5, 10),
                () -> acknowledge(14),
                () -> runtime.advance(Duration.ofSeconds(1)),
                () -> {
                    topics.makeAnew();
                    consumer.bounds(0, 30);
                    consumer.addRecords(15, 3);
                },
                () -> runtime.advance(ScriptedTopics.AGE),
                () -> {},
                () -> consumer.addRecords(0, 3),
                () -> acknowledge(2));
        assertThat(heard.events())
                .containsExactly(
                        "assigned 1",
                        "ready",
                        "delivered 10",
                        "acknowledged 14",
                        "delivered 3",
                        "lost 1",
                        "reset 18 to 0",
                        "assigned 2",
                        "delivered 3");
        assertThat(consumer.committed()).containsExactly(5L, 15L, 0L, 3L);
        assertThat(heard.logged()).anyMatch(line -> line.startsWith("WARNING") && line.contains("made anew"));
    }

    @Test
    void anAcknowledgementForATopicThatIsNoMoreIsNotCommittedInTheNewOne() {
        List<Assignment> old = new ArrayList<>();
        run(
                this::join,
                () -> consumer.addRecords(5, 10),
                () -> {
                    old.add(heard.lastAssigned());
                    topics.makeAnew();
                    consumer.bounds(0, 30);
                    runtime.advance(ScriptedTopics.AGE);
                },
                () -> {},
                () -> loop.acknowledge(old.get(0), 14),
                () -> runtime.advance(Duration.ofSeconds(1)),
                () -> {});
        assertThat(heard.events()).endsWith("lost 1", "reset 15 to 0", "assigned 2");
        assertThat(consumer.committed()).containsExactly(5L, 0L);
    }

    @Test
    void anUnansweredQuestionForIdsStopsNothing() {
        run(
                this::join,
                () -> {
                    topics.beSilent(true);
                    runtime.advance(ScriptedTopics.AGE);
                },
                () -> consumer.addRecords(5, 10),
                () -> acknowledge(14),
                () -> runtime.advance(Duration.ofSeconds(1)),
                () -> {});
        assertThat(heard.events()).containsExactly("assigned 1", "ready", "delivered 10", "acknowledged 14");
    }

    @Test
    void theIdOfATopicIsAskedForOnceInItsAge() {
        List<Integer> asked = new ArrayList<>();
        run(
                this::join,
                () -> asked.add(topics.asked()),
                () -> runtime.advance(ScriptedTopics.AGE.minusMillis(1)),
                () -> asked.add(topics.asked()),
                () -> runtime.advance(Duration.ofMillis(1)),
                () -> asked.add(topics.asked()),
                () -> asked.add(topics.asked()));
        assertThat(asked).containsExactly(2, 2, 3, 3);
    }

    @Test
    void nothingOfALostPartitionIsCommitted() {
        run(
                this::join,
                () -> consumer.addRecords(5, 10),
                () -> acknowledge(9),
                () -> consumer.losePartitions(List.of(PARTITION)),
                () -> runtime.advance(Duration.ofSeconds(2)),
                () -> {});
        assertThat(heard.events()).containsExactly("assigned 1", "ready", "delivered 10", "lost 1");
        assertThat(consumer.committed()).containsExactly(5L);
    }

    @Test
    void whatIsRevokedIsCommittedUpToWhatTheEngineAcknowledgedLast() {
        heard.onRevoked(() -> acknowledge(9));
        run(this::join, () -> consumer.addRecords(5, 10), () -> consumer.rebalance(List.of()), () -> {});
        assertThat(heard.events())
                .containsExactly("assigned 1", "ready", "delivered 10", "revoked 1", "acknowledged 9");
        assertThat(consumer.committed()).containsExactly(5L, 10L);
    }

    @Test
    void aCommitThatFailsAtARevocationIsLoggedAndNothingElse() {
        heard.onRevoked(() -> {
            acknowledge(9);
            consumer.failCommit(new CommitFailedException("another member has them"));
        });
        run(this::join, () -> consumer.addRecords(5, 10), () -> consumer.rebalance(List.of()), () -> {});
        assertThat(heard.events()).containsExactly("assigned 1", "ready", "delivered 10", "revoked 1");
        assertThat(heard.logged())
                .anyMatch(line -> line.startsWith("WARNING") && line.contains("will be delivered again"));
        assertThat(consumer.committed()).containsExactly(5L);
    }

    @Test
    void aCommitThatFailedForNowIsRepeatedWithTheNextInterval() {
        List<Integer> before = new ArrayList<>();
        run(
                this::join,
                () -> consumer.addRecords(5, 10),
                () -> {
                    acknowledge(9);
                    consumer.failCommit(new RetriableCommitFailedException("moving"));
                    runtime.advance(Duration.ofSeconds(1));
                },
                () -> runtime.advance(Duration.ofMillis(999)),
                () -> before.add(consumer.committed().size()),
                () -> runtime.advance(Duration.ofMillis(1)),
                () -> {});
        assertThat(before).containsExactly(1);
        assertThat(consumer.committed()).containsExactly(5L, 10L);
        assertThat(heard.events()).containsExactly("assigned 1", "ready", "delivered 10", "acknowledged 9");
    }

    @Test
    void aCommitThatTheBrokerForbidsEndsTheSubscription() {
        run(
                this::join,
                () -> consumer.addRecords(5, 10),
                () -> {
                    acknowledge(9);
                    consumer.failCommit(new GroupAuthorizationException("group"));
                    runtime.advance(Duration.ofSeconds(1));
                },
                () -> {});
        assertThat(heard.events()).containsExactly("assigned 1", "ready", "delivered 10", "failed AUTHORIZATION");
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void nothingIsCommittedAboveWhatWasAcknowledged() {
        run(
                this::join,
                () -> consumer.addRecords(5, 100),
                () -> acknowledge(30),
                () -> runtime.advance(Duration.ofSeconds(1)),
                () -> acknowledge(20),
                () -> runtime.advance(Duration.ofSeconds(1)),
                () -> acknowledge(44));
        assertThat(consumer.committed()).containsExactly(5L, 31L, 45L);
    }

    @Test
    void aWakeUpDuringACommitDoesNotEndIt() {
        run(this::join, () -> consumer.addRecords(5, 10), () -> {
            acknowledge(9);
            consumer.failCommit(new WakeupException());
        });
        assertThat(consumer.committed()).containsExactly(5L, 10L);
    }

    @Test
    void anInterruptionIsForgottenAndStopsNothing() {
        List<Boolean> interrupted = new ArrayList<>();
        run(
                this::join,
                () -> consumer.setPollException(new InterruptException(new InterruptedException())),
                () -> interrupted.add(Thread.currentThread().isInterrupted()),
                () -> {
                    acknowledge(4);
                    consumer.addRecords(5, 10);
                },
                () -> {
                    acknowledge(9);
                    consumer.failCommit(new InterruptException(new InterruptedException()));
                });
        assertThat(interrupted).containsExactly(false);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(consumer.committed()).containsExactly(5L, 10L);
    }

    @Test
    void aRefusalByTheBrokerEndsTheSubscriptionWithItsReason() {
        run(this::join, () -> consumer.setPollException(new SaslAuthenticationException("who are you")));
        assertThat(heard.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.AUTHENTICATION);
            assertThat(failure).hasMessageContainingAll("topic", "group", "who are you");
        });
    }

    @Test
    void aTopicThatMayNotBeReadEndsTheSubscription() {
        run(this::join, () -> consumer.setPollException(new TopicAuthorizationException("topic")));
        assertThat(heard.events()).endsWith("failed AUTHORIZATION");
    }

    @Test
    void anErrorThatNobodyKnowsEndsTheSubscription() {
        run(this::join, () -> consumer.setPollException(new KafkaException("fatal")));
        assertThat(heard.events()).endsWith("failed CREATE_CONSUMER");
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void aPartitionWithoutALeaderStopsNeitherCommitsNorItsNeighbours() {
        consumer.grow();
        consumer.loseLeader(OTHER);
        List<Long> committed = new ArrayList<>();
        run(
                () -> consumer.rebalance(List.of(PARTITION, OTHER)),
                () -> {},
                () -> consumer.addRecords(5, 10),
                () -> acknowledge(14),
                () -> runtime.advance(Duration.ofSeconds(1)),
                () -> committed.addAll(consumer.committed()),
                () -> consumer.electLeader(OTHER),
                () -> runtime.advance(Duration.ofSeconds(3)),
                () -> {});
        assertThat(committed).containsExactly(5L, 15L);
        assertThat(heard.events())
                .containsExactly("assigned 1", "delivered 10", "acknowledged 14", "assigned 2", "ready");
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void aPartitionThatWasPausedRunsWhenItsTopicIsMadeAnew() {
        run(
                this::join,
                () -> consumer.bounds(0, 3),
                () -> {
                    loop.pause(Set.of(heard.lastAssigned()));
                    consumer.setPollException(outOfRange(5));
                },
                () -> {},
                () -> consumer.addRecords(0, 3),
                () -> {});
        assertThat(heard.events())
                .containsExactly("assigned 1", "ready", "reset 5 to 0", "lost 1", "assigned 2", "delivered 3");
    }

    @Test
    void whatTheEngineFinishesUpToItsLimitIsCommittedBeforeTheRevocation() {
        CompletableFuture<Void> letGo = new CompletableFuture<>();
        heard.letGo(letGo);
        List<Long> waited = new ArrayList<>();
        runtime.whenDrained(() -> {
            waited.add(runtime.nanoTime());
            acknowledge(9);
        });
        long begun = runtime.nanoTime();
        run(this::join, () -> consumer.addRecords(5, 10), () -> consumer.rebalance(List.of()), () -> {});
        assertThat(waited).last().isEqualTo(begun + Duration.ofMillis(2500).toNanos());
        assertThat(consumer.committed()).containsExactly(5L, 10L);
    }

    @Test
    void anAwaitedCommitDoesNotWaitForTheInterval() {
        List<Boolean> done = new ArrayList<>();
        List<CompletableFuture<Void>> flushes = new ArrayList<>();
        run(
                this::join,
                () -> consumer.addRecords(5, 10),
                () -> {
                    acknowledge(9);
                    flushes.add(loop.flush(heard.lastAssigned()));
                },
                () -> done.add(flushes.get(0).isDone()));
        assertThat(done).containsExactly(true);
        assertThat(consumer.committed()).containsExactly(5L, 10L);
    }

    @Test
    void anAwaitedCommitThatFailsForNowIsRepeatedWithTheIntervalAndNotBefore() {
        List<CompletableFuture<Void>> flushes = new ArrayList<>();
        List<Boolean> done = new ArrayList<>();
        run(
                this::join,
                () -> consumer.addRecords(5, 10),
                () -> {
                    acknowledge(9);
                    consumer.failCommit(new RetriableCommitFailedException("moving"));
                    flushes.add(loop.flush(heard.lastAssigned()));
                },
                () -> runtime.advance(Duration.ofMillis(999)),
                () -> done.add(flushes.get(0).isDone()),
                () -> runtime.advance(Duration.ofMillis(1)),
                () -> done.add(flushes.get(0).isDone()));
        assertThat(done).containsExactly(false, true);
    }

    @Test
    void anAwaitedCommitIsMadeWhileTheEngineStillDrainsARevocation() {
        CompletableFuture<Void> letGo = new CompletableFuture<>();
        heard.letGo(letGo);
        List<CompletableFuture<Void>> flushes = new ArrayList<>();
        runtime.whenDrained(() -> {
            if (flushes.isEmpty()) {
                acknowledge(9);
                flushes.add(loop.flush(heard.lastAssigned()));
            } else if (flushes.get(0).isDone()) {
                letGo.complete(null);
            }
        });
        long begun = runtime.nanoTime();
        List<Long> ended = new ArrayList<>();
        run(this::join, () -> consumer.addRecords(5, 10), () -> consumer.rebalance(List.of()), () -> {
            ended.add(runtime.nanoTime());
        });
        assertThat(ended.get(0) - begun).isLessThan(Duration.ofMillis(100).toNanos());
        assertThat(consumer.committed()).containsExactly(5L, 10L);
    }

    @Test
    void anAwaitedCommitOfALostPartitionIsToldSo() {
        List<CompletableFuture<Void>> flushes = new ArrayList<>();
        run(
                this::join,
                () -> consumer.addRecords(5, 10),
                () -> {
                    acknowledge(9);
                    flushes.add(loop.flush(heard.lastAssigned()));
                    consumer.failCommit(new RetriableCommitFailedException("moving"));
                },
                () -> consumer.losePartitions(List.of(PARTITION)),
                () -> {});
        assertThat(flushes.get(0)).isCompletedExceptionally();
        assertThat(consumer.committed()).containsExactly(5L);
    }

    @Test
    void whatHandlersFinishAfterAFailureIsCommittedUntilTheEngineCloses() {
        List<Long> committed = new ArrayList<>();
        run(
                this::join,
                () -> consumer.addRecords(5, 10),
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
                .containsExactly("assigned 1", "ready", "delivered 10", "failed AUTHORIZATION", "acknowledged 9");
    }

    @Test
    void aFailedSubscriptionThatNobodyClosesEndsAfterTenSeconds() {
        long begun = runtime.nanoTime();
        Stream.<Runnable>of(this::join, () -> consumer.setPollException(new KafkaException("fatal")))
                .forEach(consumer::schedulePollTask);
        heard.onFailed(() -> consumer.setPollException(new KafkaException("still fatal")));
        loop.run();
        assertThat(runtime.nanoTime() - begun).isEqualTo(Duration.ofSeconds(10).toNanos());
        assertThat(consumer.closed()).isTrue();
    }

    /** The steps, one poll each, and then a close. */
    private void run(Runnable... steps) {
        Stream.of(steps).forEach(consumer::schedulePollTask);
        consumer.schedulePollTask(() -> {
            var unused = loop.close(LIMIT);
        });
        loop.run();
    }

    private void join() {
        consumer.rebalance(List.of(PARTITION));
    }

    private void acknowledge(long upTo) {
        loop.acknowledge(heard.lastAssigned(), upTo);
    }

    private static OffsetOutOfRangeException outOfRange(long wanted) {
        return new OffsetOutOfRangeException(Map.of(PARTITION, wanted));
    }
}
