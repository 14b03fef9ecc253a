package io.microservicekit.messaging.benchmarks;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** Messages handed in runs from an event loop to handler threads, beside a raw loop; ADR-0002. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HandOverBenchmark {
    private static final int MANY = 120_000;
    private static final int FEW = 12_000;

    @Param("PARKING")
    LoopKind loop;

    @Param("CACHED")
    PoolKind pool;

    @Param("GATE_PROGRESS")
    PerRecord perRecord;

    @Param("1")
    int lanes;

    @Param("500")
    int runLength;

    /** Work of the handler; 0 for none. */
    @Param("0")
    long tokens;

    private final Long[] messages = LongStream.range(0, MANY).boxed().toArray(Long[]::new);
    private ExecutorService loopThread = LoopKind.DIRECT.open();
    private ExecutorService workers = PoolKind.DIRECT.open();
    private List<Lane> subscription = List.of();
    private volatile CountDownLatch done = new CountDownLatch(0);
    private Handler handler = HandOverBenchmark::sink;

    /** For JMH. */
    public HandOverBenchmark() {}

    /** Opens the candidates that the parameters name. */
    @Setup
    public void open() {
        long work = tokens;
        handler = work == 0 ? HandOverBenchmark::sink : id -> Blackhole.consumeCPU(work);
        loopThread = loop.open();
        workers = pool.open();
        Lane.Settings settings = new Lane.Settings(loopThread, workers, handler, perRecord, runLength);
        subscription = IntStream.range(0, lanes)
                .mapToObj(lane -> new Lane(settings, () -> done.countDown()))
                .toList();
    }

    /** Ends their threads and says how many there were. */
    @TearDown
    public void close() {
        if (workers instanceof ThreadPoolExecutor threads) {
            System.out.print("(threads: " + threads.getLargestPoolSize() + ") ");
        }
        workers.shutdown();
        loopThread.shutdown();
    }

    /**
     * The reference: one thread, no hand-over.
     *
     * @throws Exception never
     */
    @Benchmark
    @OperationsPerInvocation(MANY)
    public void raw() throws Exception {
        for (Long message : messages) {
            handler.handle(message);
        }
    }

    /**
     * The hand-over of many messages.
     *
     * @throws InterruptedException never
     */
    @Benchmark
    @OperationsPerInvocation(MANY)
    public void longRuns() throws InterruptedException {
        handOver(MANY);
    }

    /**
     * The hand-over of few messages.
     *
     * @throws InterruptedException never
     */
    @Benchmark
    @OperationsPerInvocation(FEW)
    public void shortRuns() throws InterruptedException {
        handOver(FEW);
    }

    /** A handler that does nothing but is called: without this the raw loop is compiled away. */
    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static void sink(Long id) {}

    private void handOver(int count) throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(lanes);
        done = latch;
        int share = count / lanes;
        for (int i = 0; i < lanes; i++) {
            Lane lane = subscription.get(i);
            Slice slice = new Slice(messages, i * share, (i + 1) * share);
            loopThread.execute(() -> lane.assign(slice));
        }
        latch.await();
    }
}
