package io.microservicekit.messaging.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class HandOverTest {
    private static final int RECORDS = 1_000;

    private final Slice records = new Slice(LongStream.range(0, RECORDS).boxed().toArray(Long[]::new), 0, RECORDS);
    private final ConcurrentLinkedQueue<Long> started = new ConcurrentLinkedQueue<>();
    private final Semaphore done = new Semaphore(0);
    private final AtomicInteger handedOver = new AtomicInteger();
    private final ExecutorService workers = PoolKind.CACHED.open();
    private ExecutorService loop = LoopKind.PARKING.open();

    @AfterEach
    void stop() throws InterruptedException {
        workers.shutdown();
        loop.shutdown();
        assertThat(workers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(loop.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = "DIRECT", mode = EnumSource.Mode.EXCLUDE)
    void everyRecordIsHandledOnceAndInOrderOnEachLoop(LoopKind kind) throws Exception {
        loop.shutdown();
        loop = kind.open();
        Lane lane = lane(started::add, 7);
        onLoop(() -> lane.assign(records));
        done.acquire();
        assertThat(started).containsExactly(records.all());
        assertThat(this.<Integer>ask(lane::watermark)).isEqualTo(RECORDS);
    }

    @Test
    void aFailureAtRecordKCompletesExactlyTheOnesBeforeAndIsReportedOnce() throws Exception {
        CountDownLatch failing = new CountDownLatch(1);
        Lane lane = lane(
                id -> {
                    started.add(id);
                    if (id == 137) {
                        failing.countDown();
                        throw new IllegalStateException("record 137");
                    }
                },
                500);
        onLoop(() -> lane.assign(records));
        failing.await();
        while (ask(lane::failures).isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(ask(lane::failures))
                .singleElement()
                .satisfies(e -> assertThat(e).hasMessage("record 137"));
        assertThat(this.<Integer>ask(lane::watermark)).isEqualTo(137);
        assertThat(started).hasSize(138).last().isEqualTo(137L);
    }

    @Test
    void noRecordStartsAfterItsWorkerSawTheGateClosed() throws Exception {
        Semaphore closed = new Semaphore(0);
        Semaphore reached = new Semaphore(0);
        Lane lane = lane(
                id -> {
                    started.add(id);
                    if (id == 41) {
                        reached.release();
                        closed.acquire();
                    }
                },
                500);
        onLoop(() -> lane.assign(records));
        reached.acquire();
        onLoop(lane::pause);
        closed.release();
        awaitWatermark(lane, 42);
        assertThat(started).hasSize(42);
        onLoop(lane::resume);
        done.acquire();
        assertThat(started).containsExactly(records.all());
    }

    @Test
    void aGateClosedAtAnyMomentLetsAtMostOneMoreRecordStartAndTheCountIsExact() throws Exception {
        AtomicInteger handled = new AtomicInteger();
        AtomicInteger allowed = new AtomicInteger();
        Lane lane = lane(id -> handleSlowly(handled, allowed), RECORDS);
        int cutInMidRun = 0;
        for (int round = 0; round < 1_000; round++) {
            handled.set(0);
            allowed.set(1 + round % RECORDS);
            onLoop(() -> lane.assign(records));
            awaitCount(handled, 1 + round % RECORDS);
            int atClose = ask(() -> closeAndCount(lane, handled, allowed));
            awaitIdle(lane);
            int counted = ask(lane::watermark);
            assertThat(counted).isEqualTo(handled.get()).isBetween(atClose, atClose + 1);
            cutInMidRun += counted > 0 && counted < RECORDS ? 1 : 0;
        }
        assertThat(cutInMidRun)
                .as("rounds that were cut in mid-run; else this did not test")
                .isGreaterThan(50);
    }

    /** Waits in the last allowed record until the loop is about to close the gate, and then races it. */
    private static void handleSlowly(AtomicInteger handled, AtomicInteger allowed) {
        int number = handled.incrementAndGet();
        while (number >= allowed.get()) {
            Thread.onSpinWait();
        }
        for (int spin = 0; spin < 50; spin++) {
            Thread.onSpinWait();
        }
    }

    private static void awaitCount(AtomicInteger handled, int count) {
        while (handled.get() < count) {
            Thread.onSpinWait();
        }
    }

    private static int closeAndCount(Lane lane, AtomicInteger handled, AtomicInteger allowed) {
        allowed.set(Integer.MAX_VALUE);
        lane.pause();
        return handled.get();
    }

    @Test
    void theLoopSeesTheProgressOfARunThatIsNotFinished() throws Exception {
        Semaphore goOn = new Semaphore(0);
        Semaphore reached = new Semaphore(0);
        Lane lane = lane(stopAt(300, reached, goOn), 500);
        onLoop(() -> lane.assign(records));
        reached.acquire();
        assertThat(this.<Integer>ask(lane::committable)).isEqualTo(300);
        assertThat(this.<Integer>ask(lane::watermark)).isZero();
        goOn.release();
        done.acquire();
    }

    @Test
    void theLateResultOfARevokedRunIsDroppedAndTheNextAssignmentStartsOnlyAfterIt() throws Exception {
        Semaphore goOn = new Semaphore(0);
        Semaphore reached = new Semaphore(0);
        Lane lane = lane(stopAt(300, reached, goOn), 500);
        onLoop(() -> lane.assign(records));
        reached.acquire();
        assertThat(this.<Integer>ask(lane::revoke)).isEqualTo(300);
        onLoop(() -> lane.assign(records.part(600, 400)));
        assertThat(handedOver)
                .as("runs handed over while the old one is running")
                .hasValue(1);
        assertThat(this.<Integer>ask(lane::lateResults)).isZero();
        goOn.release();
        done.acquire();
        assertThat(this.<Integer>ask(lane::lateResults)).isEqualTo(1);
        assertThat(this.<Integer>ask(lane::watermark)).isEqualTo(400);
        List<Long> afterwards = List.copyOf(started).subList(301, 701);
        assertThat(afterwards).containsExactly(Arrays.copyOfRange(records.all(), 600, RECORDS));
        assertThat(started).hasSize(701);
    }

    private Handler stopAt(long id, Semaphore reached, Semaphore goOn) {
        return record -> {
            started.add(record);
            if (record == id) {
                reached.release();
                goOn.acquire();
            }
        };
    }

    private Lane lane(Handler handler, int runLength) {
        Executor counted = this::handOver;
        return new Lane(new Lane.Settings(loop, counted, handler, PerRecord.GATE_PROGRESS, runLength), done::release);
    }

    private void handOver(Runnable run) {
        handedOver.incrementAndGet();
        workers.execute(run);
    }

    /** Runs a step on the loop and waits for it. */
    private void onLoop(Runnable step) throws Exception {
        loop.submit(step).get();
    }

    private <T> T ask(Callable<T> question) throws Exception {
        return loop.submit(question).get();
    }

    private void awaitWatermark(Lane lane, int expected) throws Exception {
        while (this.<Integer>ask(lane::watermark) < expected) {
            Thread.onSpinWait();
        }
    }

    private void awaitIdle(Lane lane) throws Exception {
        while (!this.<Boolean>ask(lane::isIdle)) {
            Thread.onSpinWait();
        }
    }
}
