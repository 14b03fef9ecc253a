package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.shared.SendWindow;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** One timer for the deadlines of all sends of a window, at the earliest. Confined to the loop of the connection. */
final class Deadlines {
    /** Those that lie closer together are looked at at once. */
    private static final Duration BETWEEN_SWEEPS = Duration.ofMillis(5);

    private final ClientRuntime runtime;
    private final Loop loop;
    private final SendWindow window;
    private final LongConsumer sweep;
    private Loop.@Nullable Timer timer;
    private long lastSweepNanos;

    /**
     * Not armed.
     *
     * @param sweep ends those whose deadline is at that time or before
     */
    Deadlines(ClientRuntime runtime, Loop loop, SendWindow window, LongConsumer sweep) {
        this.runtime = runtime;
        this.loop = loop;
        this.window = window;
        this.sweep = sweep;
        this.lastSweepNanos = runtime.nanoTime() - BETWEEN_SWEEPS.toNanos();
    }

    /** To be called when there may be an earlier one. */
    void arm() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        try {
            window.due().ifPresent(this::armFor);
        } catch (Throwable e) {
            window.forgetDue();
            throw e;
        }
    }

    private void armFor(long due) {
        long now = runtime.nanoTime();
        long soonest = lastSweepNanos + BETWEEN_SWEEPS.toNanos() - now;
        long wait = Math.max(0, Math.max(due - now, soonest));
        timer = loop.housekeeping(Duration.ofNanos(wait), this::due);
    }

    private void due() {
        lastSweepNanos = runtime.nanoTime();
        timer = null;
        try {
            sweep.accept(lastSweepNanos);
        } finally { // an Error too: no later send would be looked at
            arm();
        }
    }
}
