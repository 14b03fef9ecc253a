package io.microservicekit.messaging.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs all contenders once per round, each in its own JVM, raw in every round; prints the figures of ADR-0002. */
final class HandOverTable {
    private static final String ALLOCATED = "gc.alloc.rate.norm";
    private static final int WORK = 300;

    /** What is run: a method and its parameters. */
    private record Contender(String method, LoopKind loop, PoolKind pool, PerRecord perRecord, Shape shape) {
        @Override
        public String toString() {
            String what = method.equals("raw") ? "raw" : loop + " " + pool + " " + perRecord;
            return what + " | " + shape.lanes() + " | " + shape.runLength + " | " + shape.tokens;
        }
    }

    private record Shape(int lanes, int runLength, int tokens) {}

    private record Figures(List<Double> wall, List<Double> cpu, List<Double> bytes) {
        Figures() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    private final Map<Contender, Figures> figures = new LinkedHashMap<>();

    private HandOverTable() {}

    /**
     * Prints the table.
     *
     * @param args the number of rounds, by default 3, and a regular expression that a contender's label must contain
     * @throws RunnerException if JMH cannot run
     */
    public static void main(String[] args) throws RunnerException {
        int rounds = args.length == 0 ? 3 : Integer.parseInt(args[0]);
        HandOverTable table = new HandOverTable();
        table.addRunLengths();
        table.addPerRecord();
        table.addLoopsAndPools();
        Pattern wanted = Pattern.compile(args.length < 2 ? "" : args[1]);
        table.figures.keySet().removeIf(each -> !wanted.matcher(each.toString()).find());
        for (int round = 0; round < rounds; round++) {
            table.runOnce();
        }
        table.print();
    }

    private void addRunLengths() {
        for (int tokens : new int[] {0, WORK}) {
            add(contender("raw", PerRecord.NOTHING, new Shape(1, 1, tokens)));
            for (int lanes : new int[] {1, 6}) {
                for (int length : new int[] {1, 10, 100, 500, 2000}) {
                    add(runs(LoopKind.PARKING, PoolKind.CACHED, new Shape(lanes, length, tokens)));
                }
            }
        }
    }

    private void addPerRecord() {
        for (PerRecord each : PerRecord.values()) {
            if (each != PerRecord.GATE_EVENT) {
                add(new Contender("longRuns", LoopKind.DIRECT, PoolKind.DIRECT, each, new Shape(1, 500, 0)));
            }
        }
        for (PerRecord each : PerRecord.values()) {
            add(contender("longRuns", each, new Shape(1, 500, 0)));
        }
    }

    private void addLoopsAndPools() {
        for (int length : new int[] {1, 500}) {
            for (int lanes : new int[] {1, 6}) {
                for (LoopKind loop : List.of(LoopKind.SCHEDULED, LoopKind.QUEUE, LoopKind.PARKING)) {
                    addPools(loop, new Shape(lanes, length, 0));
                }
            }
        }
    }

    private void addPools(LoopKind loop, Shape shape) {
        for (PoolKind pool : List.of(PoolKind.CACHED, PoolKind.FIXED, PoolKind.FIXED_EXPIRING)) {
            add(runs(loop, pool, shape));
        }
    }

    private static Contender runs(LoopKind loop, PoolKind pool, Shape shape) {
        String method = shape.runLength() < 100 ? "shortRuns" : "longRuns";
        return new Contender(method, loop, pool, PerRecord.GATE_PROGRESS, shape);
    }

    private static Contender contender(String method, PerRecord perRecord, Shape shape) {
        return new Contender(method, LoopKind.PARKING, PoolKind.CACHED, perRecord, shape);
    }

    private void add(Contender contender) {
        figures.putIfAbsent(contender, new Figures());
    }

    private void runOnce() throws RunnerException {
        for (Map.Entry<Contender, Figures> each : figures.entrySet()) {
            for (RunResult result : new Runner(options(each.getKey()).build()).run()) {
                result.getBenchmarkResults().forEach(fork -> keep(fork, each.getValue()));
            }
        }
    }

    private static ChainedOptionsBuilder options(Contender contender) {
        return new OptionsBuilder()
                .include(HandOverBenchmark.class.getName() + "." + contender.method() + "$")
                .param("loop", contender.loop().name())
                .param("pool", contender.pool().name())
                .param("perRecord", contender.perRecord().name())
                .param("lanes", "" + contender.shape().lanes())
                .param("runLength", "" + contender.shape().runLength())
                .param("tokens", "" + contender.shape().tokens())
                .addProfiler(CpuTimeProfiler.class)
                .addProfiler(GCProfiler.class)
                .jvmArgs("-Xms512m", "-Xmx512m", "-XX:+UseG1GC")
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds(300))
                .measurementIterations(4)
                .measurementTime(TimeValue.milliseconds(300));
    }

    private static void keep(BenchmarkResult fork, Figures figures) {
        for (IterationResult iteration : fork.getIterationResults()) {
            Map<String, ? extends Result<?>> more = secondary(iteration);
            figures.wall.add(iteration.getPrimaryResult().getScore());
            figures.cpu.add(more.get(CpuTimeProfiler.LABEL).getScore());
            more.entrySet().stream()
                    .filter(each -> each.getKey().endsWith(ALLOCATED))
                    .forEach(each -> figures.bytes.add(each.getValue().getScore()));
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // JMH hands out raw results
    private static Map<String, ? extends Result<?>> secondary(IterationResult iteration) {
        return (Map) iteration.getSecondaryResults();
    }

    private void print() {
        System.out.println("| contender | lanes | run | tokens | ns/msg min/median/max | CPU ns/msg | B/msg |");
        System.out.println("|---|---|---|---|---|---|---|");
        figures.forEach((contender, all) -> System.out.printf(
                "| %s | %s | %s | %.1f |%n", contender, spread(all.wall), spread(all.cpu), median(all.bytes)));
    }

    private static String spread(List<Double> values) {
        double[] sorted = sorted(values);
        return String.format("%.1f / %.1f / %.1f", sorted[0], median(values), sorted[sorted.length - 1]);
    }

    private static double median(List<Double> values) {
        double[] sorted = sorted(values);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static double[] sorted(List<Double> values) {
        DoubleStream all = values.stream().mapToDouble(Double::doubleValue);
        return all.sorted().toArray();
    }
}
