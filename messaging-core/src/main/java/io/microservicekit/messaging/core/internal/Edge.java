package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Where closing calls block: everything inside is asynchronous. */
final class Edge {
    /** What a shutdown may take beyond its deadline, less the time to let threads end. */
    static final Duration GRACE = Duration.ofMillis(550);

    private final ClientRuntime runtime;

    Edge(ClientRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * Starts a shutdown and waits for its end, at most for the deadline and a grace; on a thread of a client it does not wait. When interrupted it
     * shuts down with deadline zero and sets the flag again.
     */
    ShutdownReport shutdown(Duration deadline, Function<Duration, CompletableFuture<ShutdownReport>> start) {
        Duration limit = Limits.within(deadline);
        CompletableFuture<ShutdownReport> end = start.apply(limit);
        if (runtime.place() != Place.OUTSIDE) {
            return end.getNow(ShutdownReport.nothing());
        }
        try {
            return report(end, limit.plus(GRACE));
        } catch (InterruptedException e) {
            CompletableFuture<?> unused = start.apply(Duration.ZERO);
            return afterInterrupt(end);
        }
    }

    /** The flag is set again only after the last wait: a set flag would end that wait at once. */
    private ShutdownReport afterInterrupt(CompletableFuture<ShutdownReport> end) {
        try {
            return report(end, GRACE);
        } catch (InterruptedException again) {
            return end.getNow(ShutdownReport.nothing());
        } finally {
            Thread.currentThread().interrupt();
        }
    }

    /** A last short wait, also by a thread whose flag is set, and is set again afterwards. */
    void waitOnceMore(CompletableFuture<ShutdownReport> end, Duration limit) {
        boolean interrupted = Thread.interrupted();
        try {
            ShutdownReport unused = report(end, limit);
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private ShutdownReport report(CompletableFuture<ShutdownReport> end, Duration limit) throws InterruptedException {
        try {
            return runtime.await(end, limit);
        } catch (ExecutionException | TimeoutException e) {
            return end.getNow(ShutdownReport.nothing());
        }
    }
}
