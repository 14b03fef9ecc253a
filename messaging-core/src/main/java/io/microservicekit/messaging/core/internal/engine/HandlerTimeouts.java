package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.observe.HandlerTimedOut;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds handlers that run longer than they may, reports each call once and interrupts it if that is wanted. On the loop. */
final class HandlerTimeouts {
    private final EngineParts parts;
    private final Duration limit;

    private HandlerTimeouts(EngineParts parts, Duration limit) {
        this.parts = parts;
        this.limit = limit;
    }

    /** Null when there is no limit. */
    static @Nullable HandlerTimeouts of(EngineParts parts) {
        Duration limit = parts.options().handlerTimeout();
        return limit == null ? null : new HandlerTimeouts(parts, limit);
    }

    void check(Collection<HandlerRun> runs) {
        long now = parts.runtime().nanoTime();
        for (HandlerRun run : runs) {
            HandlerRun.Current call = run.current();
            if (call != null && exceeds(call, now) && run.timesOut(call)) {
                report(run, call, Duration.ofNanos(now - call.sinceNanos()));
            }
        }
    }

    private boolean exceeds(HandlerRun.Current call, long now) {
        return call.isCalled() && now - call.sinceNanos() >= limit.toNanos();
    }

    private void report(HandlerRun run, HandlerRun.Current call, Duration elapsed) {
        boolean interrupted = parts.options().interruptOnTimeout() && run.gate().interrupt(call.index());
        parts.logger()
                .log(
                        Level.WARNING,
                        parts.name() + ": the handler of " + call.message() + " has been running for " + elapsed
                                + ", longer than its timeout of " + limit
                                + (interrupted ? "; it was interrupted" : "")
                                + ". Its lane waits until it returns.");
        parts.observer().handlerTimedOut(new HandlerTimedOut(call.message(), elapsed, interrupted));
    }
}
