package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.HandlerPool;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.core.internal.shared.RunGate;
import java.time.Duration;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The runs on handler threads. While any is under way a timer reads their progress, so that long runs are acknowledged as they go, without an
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
    private final SortedMap<Long, Running> running = new TreeMap<>();
    private Loop.@Nullable Timer tick;

    Runs(EngineParts parts, Loop loop, EngineSink sink) {
        this.loop = loop;
        this.sink = sink;
        this.pool = parts.runtime().handlers(parts.name(), parts.options().concurrency());
        this.timeouts = HandlerTimeouts.of(parts);
        this.interruptible = parts.options().interruptOnTimeout();
        MessagingObserver observer = parts.observer();
        LongSupplier ticker = parts.runtime()::nanoTime;
        this.work = new HandlerRun.Work(parts.handler(), parts.options().retry(), observer, ticker);
    }

    void start(EngineCommand.StartRun command) {
        RunGate gate = new RunGate(interruptible);
        running.put(command.run(), new Running(command, gate));
        pool.execute(new HandlerRun(
                work,
                command,
                gate,
                (completed, failure) -> loop.execute(() -> {
                    running.remove(command.run());
                    sink.handle(new EngineEvent.RunFinished(command.run(), completed, failure));
                })));
        if (tick == null) {
            tick = loop.schedule(TICK, this::tick);
        }
    }

    void stop(long run) {
        Running stopped = running.get(run);
        if (stopped != null) {
            stopped.gate().close();
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
        new TreeMap<>(running)
                .forEach((run, one) ->
                        sink.handle(new EngineEvent.Progressed(run, one.gate().completed())));
    }

    /** Those under way, in the order of their start; also those whose lane is gone. */
    Collection<Running> all() {
        return running.values();
    }

    @Nullable Running get(long run) {
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
