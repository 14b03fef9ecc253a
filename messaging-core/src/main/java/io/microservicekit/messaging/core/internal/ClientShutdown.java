package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import io.microservicekit.messaging.core.internal.engine.Answer;
import io.microservicekit.messaging.core.internal.shared.Deadline;
import io.microservicekit.messaging.core.internal.shared.Latest;
import io.microservicekit.messaging.core.internal.shared.Lifecycle;
import io.microservicekit.messaging.core.internal.shared.Registry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The order of a client's end: consumers, producers, dead-letter producers, connection, threads. Never blocks, but for {@link #endNow}.
 *
 * <p>When the deadline leaves nothing, each step still has a little time. Together with that of {@code Ending} these sum up to less than
 * {@link #FORCED}, when the end is told whatever an adapter does, and that is less than what {@link Edge} waits. A step that does not end in its
 * time keeps none of those behind it from being made: what hangs may be a loop, which nobody can end.
 */
final class ClientShutdown {
    /** How long after the deadline the end is told with what is known then. */
    static final Duration FORCED = Duration.ofMillis(520);

    /** How long after the deadline subscriptions that have not ended are given up: {@code Ending} takes 200 ms, the rest is for a busy machine. */
    private static final Duration CONSUMERS = Duration.ofMillis(300);

    private static final Duration LEAST_FLUSH = Duration.ofMillis(60);
    private static final Duration MOST_FLUSH = Duration.ofSeconds(30);
    private static final Duration DISCONNECT = Duration.ofMillis(50);
    /** What {@link #endNow} waits for adapters that were told to close at once. */
    static final Duration LAST = Duration.ofMillis(100);

    private final ClientParts parts;
    private final Registry<CoreProducer> producers;
    private final Registry<CoreConsumer> consumers;
    private final Lifecycle lifecycle = new Lifecycle();
    private final Lifecycle connection = new Lifecycle();
    private final Deadline deadline = new Deadline();
    private final Latest<List<Stopping>> stopping = new Latest<>(List.of());
    private final Latest<Optional<List<CoreProducer>>> flushing = new Latest<>(Optional.empty());
    private final Latest<Optional<Long>> unconfirmed = new Latest<>(Optional.empty());
    private final Latest<Boolean> late = new Latest<>(false);
    private final Latest<Long> begun = new Latest<>(0L);
    private final CompletableFuture<Void> drained;
    private final CompletableFuture<ShutdownReport> end;

    /** A consumer and the end of its subscription. */
    private record Stopping(CoreConsumer consumer, CompletableFuture<ShutdownReport> report) {
        ShutdownReport known() {
            boolean isKnown = report.isDone() && !report.isCompletedExceptionally();
            return isKnown ? report.getNow(ShutdownReport.nothing()) : ShutdownReport.nothing();
        }
    }

    ClientShutdown(ClientParts parts, Registry<CoreProducer> producers, Registry<CoreConsumer> consumers) {
        this.parts = parts;
        this.producers = producers;
        this.consumers = consumers;
        this.drained = parts.runtime().future();
        this.end = parts.runtime().future();
    }

    /** Begins the shutdown; a later call with a shorter deadline shortens it. */
    CompletableFuture<ShutdownReport> begin(Duration limit) {
        long start = now();
        deadline.atTheLatest(start + limit.toNanos());
        List<Stopping> each = new ArrayList<>();
        consumers.seal().forEach(consumer -> each.add(new Stopping(consumer, consumer.stopConsuming(limit))));
        if (lifecycle.beginClosing()) {
            begun.set(start);
            stopping.set(each);
            inOrder(each);
        } else {
            hurry();
        }
        if (limit.compareTo(Limits.FOREVER) < 0) {
            parts.control().housekeeping(limit.plus(CONSUMERS), this::goOnWithoutConsumers);
            parts.control().housekeeping(limit.plus(FORCED), this::finish);
        }
        return end;
    }

    private void inOrder(List<Stopping> each) {
        CompletableFuture<Void> all =
                CompletableFuture.allOf(each.stream().map(Stopping::report).toArray(CompletableFuture[]::new));
        CompletableFuture<?> unused = drained.thenCompose(done -> closeProducers())
                .thenCompose(done -> disconnect(DISCONNECT))
                .thenCompose(done -> all)
                .whenComplete((done, error) -> finish());
        CompletableFuture<?> unusedToo = all.whenComplete((done, error) -> drained.complete(null));
    }

    /** Subscriptions that have not ended do not keep producers and connection open; they may still tell how they ended. */
    private void goOnWithoutConsumers() {
        if (!stopping.get().stream().allMatch(one -> one.report().isDone())) {
            late.set(true);
        }
        drained.complete(null);
    }

    /** Nor do they keep waiting whoever waits for them. */
    private void giveUpConsumers() {
        goOnWithoutConsumers();
        stopping.get().forEach(one -> {
            if (!one.report().isDone()) {
                one.consumer().abandon();
            }
        });
    }

    private CompletableFuture<Void> closeProducers() {
        List<CoreProducer> ordinary = producers.seal();
        flushing.set(Optional.of(ordinary));
        List<CompletableFuture<Long>> first = new ArrayList<>();
        ordinary.forEach(producer -> first.add(producer.closeAsync(flushLimit())));
        CompletableFuture<Long> sum = sum(first);
        CompletableFuture<Long> last = late.get() ? closeDeadLetters() : sum.thenCompose(done -> closeDeadLetters());
        return sum.thenCombine(last, Long::sum).thenAccept(count -> unconfirmed.set(Optional.of(count)));
    }

    private CompletableFuture<Long> closeDeadLetters() {
        List<CompletableFuture<Long>> counts = new ArrayList<>();
        stopping.get().forEach(one -> counts.add(one.consumer().closeDeadLetters(flushLimit())));
        return sum(counts);
    }

    private CompletableFuture<Void> disconnect(Duration limit) {
        return connection.beginClosing()
                ? Answer.of(() -> parts.backend().close(limit))
                : CompletableFuture.completedFuture(null);
    }

    /** The flush is under way, if it is, with a longer limit than there is now. */
    private void hurry() {
        flushing.get().ifPresent(ordinary -> hurry(ordinary, flushLimit()));
    }

    private void hurry(List<CoreProducer> ordinary, Duration limit) {
        ordinary.forEach(producer -> producer.hurry(limit));
        stopping.get().forEach(one -> one.consumer().hurryDeadLetters(limit));
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

    /** Tells the end once: when all is done, or by force with what is known and what still has no outcome. */
    private void finish() {
        if (end.isDone()) {
            return;
        }
        giveUpConsumers();
        CompletableFuture<?> unused = disconnect(Duration.ZERO);
        ShutdownReport report = ShutdownReport.nothing();
        for (Stopping one : stopping.get()) {
            report = report.plus(one.known());
        }
        boolean first = end.complete(new ShutdownReport(
                report.drained(),
                report.returned(),
                report.abandoned(),
                report.unacknowledged(),
                report.unconfirmedSends() + unconfirmed.get().orElseGet(this::withoutOutcome),
                report.unanswered(),
                Duration.ofNanos(now() - begun.get())));
        if (first && parts.runtime().place() != Place.OUTSIDE) {
            endThreads();
        }
    }

    private long withoutOutcome() {
        long sends = flushing.get().orElseGet(producers::seal).stream()
                .mapToLong(CoreProducer::unconfirmedSends)
                .sum();
        return sends
                + stopping.get().stream()
                        .mapToLong(one -> one.consumer().unconfirmedDeadLetters())
                        .sum();
    }

    /**
     * Tells the end if nobody did: the threads that could tell it are about to end. What is still open is closed before them: sends that wait for a
     * driver end by its close, and a driver has threads of its own. On the caller's thread, since the control loop may hang.
     */
    ShutdownReport endNow() {
        if (!end.isDone()) {
            giveUpConsumers();
            List<CoreProducer> ordinary = flushing.get().orElseGet(producers::seal);
            CompletableFuture<?> unused = closeDeadLetters();
            hurry(ordinary, Duration.ZERO);
            new Edge(parts.runtime()).waitOnceMore(end, LAST);
            finish();
        }
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
