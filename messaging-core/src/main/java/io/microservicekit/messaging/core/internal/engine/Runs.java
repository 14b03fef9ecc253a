package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.HandlerPool;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.core.internal.shared.RunGate;
import io.microservicekit.messaging.core.internal.shared.WorkQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The runs that are handed over to handler threads, each of which takes the next one when it is done. While any is under way a timer reads their progress, so that long runs are acknowledged as they go, without an
 * event per message. Confined to the loop, but for the runs themselves.
 */
final class Runs {
    private static final Duration TICK = Duration.ofMillis(100);

    private final Loop loop;
    private final EngineSink sink;
    private final HandlerPool pool;
    private final HandlerRun.Work work;
    private final boolean interruptible;
    private final @Nullable HandlerTimeouts timeouts;
    private final Map<Long, HandlerRun> running = new LinkedHashMap<>();
    private final WorkQueue<HandlerRun> queue;
    private final List<EngineEvent.RunFinished> withdrawn = new ArrayList<>();
    private Loop.@Nullable Timer tick;

    Runs(EngineParts parts, Loop loop, EngineSink sink) {
        this.loop = loop;
        this.sink = sink;
        this.pool = parts.runtime().handlers(parts.name(), parts.options().concurrency());
        this.queue = new WorkQueue<>(parts.options().concurrency());
        this.timeouts = HandlerTimeouts.of(parts);
        this.interruptible = parts.options().interruptOnTimeout();
        MessagingObserver observer = parts.observer();
        LongSupplier ticker = parts.runtime()::nanoTime;
        this.work = new HandlerRun.Work(parts.handler(), parts.options().retry(), observer, ticker);
    }

    void start(EngineCommand.StartRun command) {
        HandlerRun run = new HandlerRun(work, command, new RunGate(interruptible));
        running.put(command.run(), run);
        if (queue.add(run)) {
            pool.execute(this::takeRuns);
        }
        if (tick == null) {
            tick = loop.schedule(TICK, this::tick);
        }
    }

    /** On a handler thread. */
    private void takeRuns() {
        for (HandlerRun run = queue.take(); run != null; run = queue.take()) {
            if (run.run() && queue.give(run)) {
                loop.execute(this::collect);
            }
        }
    }

    private void collect() {
        List<EngineEvent.RunFinished> results = new ArrayList<>();
        for (HandlerRun run : queue.collect()) {
            running.remove(run.id());
            results.add(run.result());
        }
        handle(results);
    }

    private void handle(List<EngineEvent.RunFinished> results) {
        if (!results.isEmpty()) {
            sink.handle(results.size() == 1 ? results.get(0) : new EngineEvent.RunsFinished(results));
        }
    }

    void stop(long run) {
        HandlerRun stopped = running.get(run);
        if (stopped != null && stopped.gate().close()) {
            running.remove(run);
            withdrawn.add(stopped.result());
        }
    }

    /** Tells the state machine of the runs that were stopped before any thread took them; on the loop, but never while a command is performed. */
    void reportWithdrawn() {
        if (!withdrawn.isEmpty()) {
            List<EngineEvent.RunFinished> results = new ArrayList<>(withdrawn);
            withdrawn.clear();
            handle(results);
        }
    }

    private void tick() {
        tick = null;
        reportProgress();
        if (timeouts != null) {
            timeouts.check(running.values());
        }
        if (!running.isEmpty()) {
            tick = loop.schedule(TICK, this::tick);
        }
    }

    /** Tells the state machine how far the runs are; on the loop, but never while a command is performed. */
    void reportProgress() {
        for (HandlerRun run : new ArrayList<>(running.values())) {
            if (run.gate().isEntered()) {
                sink.handle(new EngineEvent.Progressed(run.id(), run.gate().completed()));
            }
        }
    }

    /** Those handed over, in that order; also those whose lane is gone. */
    Collection<HandlerRun> all() {
        return running.values();
    }

    @Nullable HandlerRun get(long run) {
        return running.get(run);
    }

    void stopTicking() {
        if (tick != null) {
            tick.cancel();
            tick = null;
        }
    }

    /** Interrupts what still runs. */
    void close() {
        stopTicking();
        pool.close();
    }
}
