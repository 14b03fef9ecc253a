package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.core.internal.engine.Answer;
import io.microservicekit.messaging.core.internal.shared.Deadline;
import io.microservicekit.messaging.core.internal.shared.Latest;
import io.microservicekit.messaging.core.internal.shared.Lifecycle;
import io.microservicekit.messaging.core.internal.shared.Registry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The order of a client's end: consumers, producers, dead-letter producers, connection, threads. Never blocks.
 *
 * <p>When the deadline leaves nothing, each step still has a little time. Together with that of {@code Ending} these sum up to less than
 * {@link #FORCED}, when the end is told whatever an adapter does, and that is less than what {@link Edge} waits.
 */
final class ClientShutdown {
    /** How long after the deadline the end is told with what is known then. */
    static final Duration FORCED = Duration.ofMillis(620);

    private static final Duration LEAST_FLUSH = Duration.ofMillis(60);
    private static final Duration MOST_FLUSH = Duration.ofSeconds(30);
    private static final Duration DISCONNECT = Duration.ofMillis(50);

    private final ClientParts parts;
    private final Registry<CoreProducer> producers;
    private final Registry<CoreConsumer> consumers;
    private final Lifecycle lifecycle = new Lifecycle();
    private final Deadline deadline = new Deadline();
    private final Latest<Known> known = new Latest<>(new Known(ShutdownReport.nothing(), null));
    private final Latest<Boolean> flushing = new Latest<>(false);
    private final Latest<Long> begun = new Latest<>(0L);
    private final CompletableFuture<ShutdownReport> end;

    /** The report so far, and the producers whose sends are not in it yet; null for all there are. */
    private record Known(ShutdownReport report, @Nullable List<CoreProducer> ending) {}

    ClientShutdown(ClientParts parts, Registry<CoreProducer> producers, Registry<CoreConsumer> consumers) {
        this.parts = parts;
        this.producers = producers;
        this.consumers = consumers;
        this.end = parts.runtime().future();
    }

    /** Begins the shutdown; a later call with a shorter deadline shortens it. */
    CompletableFuture<ShutdownReport> begin(Duration limit) {
        long start = now();
        deadline.atTheLatest(start + limit.toNanos());
        List<CoreConsumer> closing = consumers.seal();
        CompletableFuture<ShutdownReport> drained = stopAll(closing, limit);
        if (lifecycle.beginClosing()) {
            begun.set(start);
            CompletableFuture<?> unused = drained.thenCompose(report -> closeProducers(report, closing))
                    .thenCompose(done -> Answer.of(() -> parts.backend().close(DISCONNECT)))
                    .whenComplete((done, error) -> finish(start));
        } else if (flushing.get()) {
            hurry(closing);
        }
        if (limit.compareTo(Limits.FOREVER) < 0) {
            Loop.Timer unused = parts.control().housekeeping(limit.plus(FORCED), () -> finish(start));
        }
        return end;
    }

    private static CompletableFuture<ShutdownReport> stopAll(List<CoreConsumer> closing, Duration limit) {
        CompletableFuture<ShutdownReport> all = CompletableFuture.completedFuture(ShutdownReport.nothing());
        for (CoreConsumer consumer : closing) {
            all = all.thenCombine(consumer.stopConsuming(limit), ShutdownReport::plus);
        }
        return all;
    }

    private CompletableFuture<Void> closeProducers(ShutdownReport report, List<CoreConsumer> closing) {
        List<CoreProducer> ending = producers.seal();
        known.set(new Known(report, ending));
        flushing.set(true);
        List<CompletableFuture<Long>> ordinary = new ArrayList<>();
        ending.forEach(producer -> ordinary.add(producer.closeAsync(flushLimit())));
        return sum(ordinary).thenCompose(unconfirmed -> {
            List<CompletableFuture<Long>> last = new ArrayList<>();
            closing.forEach(consumer -> last.add(consumer.closeDeadLetters(flushLimit())));
            return sum(last)
                    .thenAccept(
                            further -> known.set(new Known(withUnconfirmed(report, unconfirmed + further), List.of())));
        });
    }

    /** The flush is under way with a longer limit than there is now. */
    private void hurry(List<CoreConsumer> closing) {
        producers.seal().forEach(producer -> producer.hurry(flushLimit()));
        closing.forEach(consumer -> consumer.hurryDeadLetters(flushLimit()));
    }

    private Duration flushLimit() {
        return deadline.left(now(), LEAST_FLUSH, MOST_FLUSH);
    }

    private static CompletableFuture<Long> sum(List<CompletableFuture<Long>> counts) {
        CompletableFuture<Long> sum = CompletableFuture.completedFuture(0L);
        for (CompletableFuture<Long> count : counts) {
            sum = sum.thenCombine(count, Long::sum);
        }
        return sum;
    }

    private static ShutdownReport withUnconfirmed(ShutdownReport report, long unconfirmed) {
        return report.plus(new ShutdownReport(0, 0, List.of(), 0, unconfirmed, Duration.ZERO));
    }

    /** Tells the end once: when all is done, or by force with what is known and what still has no outcome. */
    private void finish(long start) {
        Known last = known.get();
        ShutdownReport report = last.report();
        List<CoreProducer> ending = Objects.requireNonNullElseGet(last.ending(), producers::seal);
        long unconfirmed =
                ending.stream().mapToLong(CoreProducer::unconfirmedSends).sum();
        boolean first = end.complete(new ShutdownReport(
                report.drained(),
                report.returned(),
                report.abandoned(),
                report.unacknowledged(),
                report.unconfirmedSends() + unconfirmed,
                Duration.ofNanos(now() - start)));
        if (first && parts.runtime().place() != Place.OUTSIDE) {
            endThreads();
        }
    }

    /** Tells the end if nobody did: the threads that could tell it are about to end. */
    ShutdownReport endNow() {
        finish(begun.get());
        return end.getNow(ShutdownReport.nothing());
    }

    private long now() {
        return parts.runtime().nanoTime();
    }

    /** Ends all threads of the client. */
    void endThreads() {
        parts.runtime().close();
    }
}
