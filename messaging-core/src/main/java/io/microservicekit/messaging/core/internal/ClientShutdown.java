package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import io.microservicekit.messaging.core.internal.shared.Lifecycle;
import io.microservicekit.messaging.core.internal.shared.Registry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The order of a client's end: consumers, producers, dead-letter producers, connection, threads. Never blocks. */
final class ClientShutdown {
    private static final Duration LEAST_FLUSH = Duration.ofMillis(150);
    private static final Duration MOST_FLUSH = Duration.ofSeconds(30);
    private static final Duration DISCONNECT = Duration.ofMillis(100);

    private final ClientParts parts;
    private final Registry<CoreProducer> producers;
    private final Registry<CoreConsumer> consumers;
    private final Lifecycle lifecycle = new Lifecycle();
    private final CompletableFuture<ShutdownReport> end;

    ClientShutdown(ClientParts parts, Registry<CoreProducer> producers, Registry<CoreConsumer> consumers) {
        this.parts = parts;
        this.producers = producers;
        this.consumers = consumers;
        this.end = parts.runtime().future();
    }

    /** Begins the shutdown; a later call with a shorter deadline shortens what running handlers get. */
    CompletableFuture<ShutdownReport> begin(Duration deadline) {
        long start = parts.runtime().nanoTime();
        List<CoreConsumer> closing = consumers.seal();
        CompletableFuture<ShutdownReport> drained = stopAll(closing, deadline);
        if (lifecycle.beginClosing()) {
            CompletableFuture<?> unused = drained.thenCompose(
                            report -> closeProducers(report, closing, flushLimit(start, deadline)))
                    .thenCompose(this::disconnect)
                    .whenComplete((report, error) -> finish(start, report == null ? ShutdownReport.nothing() : report));
        }
        return end;
    }

    private static CompletableFuture<ShutdownReport> stopAll(List<CoreConsumer> closing, Duration deadline) {
        CompletableFuture<ShutdownReport> all = CompletableFuture.completedFuture(ShutdownReport.nothing());
        for (CoreConsumer consumer : closing) {
            all = all.thenCombine(consumer.stopConsuming(deadline), ShutdownReport::plus);
        }
        return all;
    }

    private Duration flushLimit(long start, Duration deadline) {
        Duration left = deadline.minusNanos(parts.runtime().nanoTime() - start);
        if (left.compareTo(LEAST_FLUSH) < 0) {
            return LEAST_FLUSH;
        }
        return left.compareTo(MOST_FLUSH) > 0 ? MOST_FLUSH : left;
    }

    private CompletableFuture<ShutdownReport> closeProducers(
            ShutdownReport report, List<CoreConsumer> closing, Duration limit) {
        List<CompletableFuture<Long>> ordinary = new ArrayList<>();
        producers.seal().forEach(producer -> ordinary.add(producer.closeAsync(limit)));
        return sum(ordinary).thenCompose(unconfirmed -> {
            List<CompletableFuture<Long>> last = new ArrayList<>();
            closing.forEach(consumer -> last.add(consumer.closeDeadLetters(limit)));
            return sum(last).thenApply(further -> withUnconfirmed(report, unconfirmed + further));
        });
    }

    private static CompletableFuture<Long> sum(List<CompletableFuture<Long>> counts) {
        CompletableFuture<Long> sum = CompletableFuture.completedFuture(0L);
        for (CompletableFuture<Long> count : counts) {
            sum = sum.thenCombine(count, Long::sum);
        }
        return sum;
    }

    private static ShutdownReport withUnconfirmed(ShutdownReport report, long unconfirmed) {
        return report.plus(new ShutdownReport(0, 0, List.of(), unconfirmed, Duration.ZERO));
    }

    private CompletableFuture<ShutdownReport> disconnect(ShutdownReport report) {
        return parts.backend().close(DISCONNECT).handle((done, error) -> report);
    }

    private void finish(long start, ShutdownReport report) {
        Duration elapsed = Duration.ofNanos(parts.runtime().nanoTime() - start);
        end.complete(new ShutdownReport(
                report.drained(), report.returned(), report.abandoned(), report.unconfirmedSends(), elapsed));
        if (parts.runtime().place() != Place.OUTSIDE) {
            endThreads();
        }
    }

    /** Ends all threads of the client. */
    void endThreads() {
        parts.runtime().close();
    }
}
