package io.microservicekit.messaging.kafka.internal;

import static io.microservicekit.messaging.kafka.internal.ScriptedConsumer.OTHER;
import static io.microservicekit.messaging.kafka.internal.ScriptedConsumer.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

/** Positions, commits and revocations of one subscription. */
class KafkaConsumerLoopTest extends ScriptedSubscription {
    @Test
    void aCommitThatIsNotAnsweredIsRepeatedAfterTwiceWhatARequestMayTake() {
        List<Long> before = new ArrayList<>();
        List<Long> after = new ArrayList<>();
        runWithTen(
                () -> {
                    acknowledge(9);
                    consumer.beSilent(true);
                    runtime.advance(Duration.ofSeconds(1));
                },
                () -> {
                    consumer.beSilent(false);
                    runtime.advance(REQUEST.multipliedBy(2).minusNanos(1));
                },
                () -> {
                    before.addAll(consumer.committed());
                    runtime.advance(Duration.ofNanos(1));
                },
                () -> after.addAll(consumer.committed()));
        assertThat(before).containsExactly(5L);
        assertThat(after).containsExactly(5L, 10L);
    }

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
        assertThat(heard.events())
                .containsExactly("assigned 1", "ready", "reset 5 to 20", "delivered 3", "acknowledged 21");
        assertThat(heard.logged()).anyMatch(line -> line.startsWith("WARNING") && line.contains("deleted"));
        assertThat(consumer.committed()).containsExactly(5L, 22L);
    }

    @Test
    void nothingOfALostPartitionIsCommitted() {
        runWithTen(
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
        runWithTen(() -> consumer.rebalance(List.of()), () -> {});
        assertThat(heard.events())
                .containsExactly("assigned 1", "ready", "delivered 10", "revoked 1", "acknowledged 9");
        assertThat(consumer.committed()).containsExactly(5L, 10L);
    }

    @Test
    void aCommitThatFailedForNowIsRepeatedWithTheNextInterval() {
        List<Integer> before = new ArrayList<>();
        runWithTen(
                () -> failToCommitFive(new RetriableCommitFailedException("moving")),
                () -> runtime.advance(Duration.ofMillis(999)),
                () -> before.add(consumer.committed().size()),
                () -> runtime.advance(Duration.ofMillis(1)),
                () -> {});
        assertThat(before).containsExactly(1);
        assertThat(consumer.committed()).containsExactly(5L, 10L);
        assertThat(heard.events()).containsExactly("assigned 1", "ready", "delivered 10", "acknowledged 9");
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
        runWithTen(() -> {
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
    void whatTheEngineFinishesUpToItsLimitIsCommittedBeforeTheRevocation() {
        CompletableFuture<Void> letGo = new CompletableFuture<>();
        heard.letGo(letGo);
        List<Long> waited = new ArrayList<>();
        runtime.whenDrained(() -> {
            waited.add(runtime.nanoTime());
            acknowledge(9);
        });
        long begun = runtime.nanoTime();
        runWithTen(() -> consumer.rebalance(List.of()), () -> {});
        assertThat(waited).last().isEqualTo(begun + Duration.ofMillis(2500).toNanos());
        assertThat(consumer.committed()).containsExactly(5L, 10L);
    }

    @Test
    void anAwaitedCommitDoesNotWaitForTheInterval() {
        List<Boolean> done = new ArrayList<>();
        List<CompletableFuture<Void>> flushes = new ArrayList<>();
        runWithTen(
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
        runWithTen(
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
        runWithTen(() -> consumer.rebalance(List.of()), () -> {
            ended.add(runtime.nanoTime());
        });
        assertThat(ended.get(0) - begun).isLessThan(Duration.ofMillis(100).toNanos());
        assertThat(consumer.committed()).containsExactly(5L, 10L);
    }

    @Test
    void anAwaitedCommitOfALostPartitionIsToldSo() {
        List<CompletableFuture<Void>> flushes = new ArrayList<>();
        runWithTen(
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
}
