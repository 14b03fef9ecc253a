package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A member of a group. Commands of the engine and signals of the broker become tasks of its own loop; each task makes at most one report to the
 * listener, outside the broker's lock. All methods without a command's name are called under the lock.
 */
final class MemoryConsumer implements BackendConsumer {
    /** How long after the limit a revocation may still be answered: engine and broker measure it from different events. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final ConsumerSpec spec;
    private final BackendListener listener;
    private final Group group;
    private final ClientRuntime runtime;
    private final String clientId;
    private final Loop loop;
    private final Deque<Report> reports = new ArrayDeque<>();
    private final Set<Assignment> released = new LinkedHashSet<>();
    private final Flushes flushes = new Flushes();
    private boolean joining = true;
    private boolean awake;
    private long lastEpoch;
    private @Nullable CompletableFuture<Long> closed;
    private Loop.@Nullable Timer timeout;

    MemoryConsumer(Cluster cluster, BackendContext context, ConsumerSpec spec, BackendListener listener) {
        this.cluster = cluster;
        this.spec = spec;
        this.listener = listener;
        this.group = cluster.group(spec.group());
        this.runtime = context.runtime();
        this.clientId = context.clientId();
        this.loop = runtime.loop("memory-" + spec.group());
    }

    ConsumerSpec spec() {
        return spec;
    }

    String clientId() {
        return clientId;
    }

    Group group() {
        return group;
    }

    boolean connected() {
        return cluster.connected();
    }

    long now() {
        return runtime.nanoTime();
    }

    long nextEpoch() {
        return ++lastEpoch;
    }

    void ready() {
        report(() -> "ready", BackendListener::ready);
    }

    void assigned(Set<Assignment> assignments) {
        report(() -> "assigned " + assignments, l -> l.assigned(assignments));
    }

    void lost(Set<Assignment> assignments) {
        report(() -> "lost " + assignments, l -> l.lost(assignments));
    }

    void acknowledged(Assignment assignment, long upTo) {
        report(() -> "acknowledged " + assignment + " up to " + upTo, l -> l.acknowledged(assignment, upTo));
    }

    void revoke(Set<Assignment> assignments) {
        report(() -> "revoked " + assignments, l -> awaitDrain(assignments, l));
    }

    void joinAgain() {
        joining = true;
        wake();
    }

    /** An acknowledgement of what it no longer holds: in order while the news of a loss is on its way, not after it has let go itself. */
    void acknowledgedStale(Acknowledgement stale) {
        Assignment assignment = stale.assignment();
        if (released.contains(assignment)) {
            cluster.violations().add(this, "acknowledged " + assignment + " after it had let go of it");
        } else if (assignment.epoch() > lastEpoch) {
            cluster.violations().add(this, "acknowledged " + assignment + ", which was never assigned to it");
        }
    }

    private void report(Supplier<String> text, Consumer<BackendListener> call) {
        reports.add(new Report(text, call));
        wake();
    }

    void wake() {
        if (!awake && closed == null) {
            awake = true;
            loop.execute(this::turn);
        }
    }

    /** One report per turn, so that whatever else waits for this loop gets in between. */
    private void turn() {
        Report report = cluster.locked(this::nextReport);
        if (report != null) {
            runtime.note(clientId, () -> spec.group() + " " + report.text().get());
            report.call().accept(listener);
            cluster.locked(this::wake);
        }
        settleFlushes();
        watchTimeout();
    }

    private void settleFlushes() {
        if (!flushes.isEmpty()) {
            flushes.settle(assignment -> cluster.locked(() -> group.taken(this, assignment)));
        }
    }

    private @Nullable Report nextReport() {
        awake = false;
        if (closed != null) {
            return null;
        }
        if (reports.isEmpty() && joining && connected()) {
            joining = false;
            group.join(this);
        }
        return reports.isEmpty() && connected() ? nextDelivery() : reports.poll();
    }

    private @Nullable Report nextDelivery() {
        Delivery delivery = group.next(this);
        return delivery == null
                ? null
                : new Report(delivery::toString, l -> l.delivered(delivery.assignment(), delivery.messages()));
    }

    private void awaitDrain(Set<Assignment> assignments, BackendListener listener) {
        Duration limit = cluster.revokeDrain();
        CompletableFuture<Void> drained = listener.revoked(assignments, limit);
        Loop.Timer overdue = loop.schedule(limit.plus(GRACE), () -> cluster.locked(() -> overdue(assignments)));
        CompletableFuture<Void> unused = drained.whenComplete((nothing, error) -> loop.execute(() -> {
            overdue.cancel();
            settleFlushes();
            cluster.locked(() -> letGo(assignments));
            settleFlushes();
        }));
    }

    private void overdue(Set<Assignment> assignments) {
        cluster.violations().add(this, "did not let go of " + assignments + " within " + cluster.revokeDrain());
        letGo(assignments);
    }

    private void letGo(Set<Assignment> assignments) {
        if (closed == null) {
            released.addAll(assignments);
            group.letGo(this, assignments);
        }
    }

    /** Keeps exactly one timer while a delivery is unacknowledged that the broker would take back, and none otherwise. On the loop. */
    private void watchTimeout() {
        Duration limit = cluster.consumerTimeout();
        if (limit == null) {
            return;
        }
        OptionalLong oldest = cluster.locked(() -> group.oldestUnacknowledged(this));
        if (oldest.isEmpty() && timeout != null) {
            timeout.cancel();
            timeout = null;
        } else if (oldest.isPresent() && timeout == null) {
            long left = oldest.getAsLong() + limit.toNanos() - now();
            timeout = loop.housekeeping(Duration.ofNanos(Math.max(0, left)), () -> timedOut(limit));
        }
    }

    private void timedOut(Duration limit) {
        timeout = null;
        cluster.locked(() -> {
            OptionalLong oldest = group.oldestUnacknowledged(this);
            if (oldest.isPresent() && now() - oldest.getAsLong() >= limit.toNanos()) {
                group.expire(this);
            }
        });
        watchTimeout();
    }

    private void command(Runnable task) {
        loop.execute(() -> {
            cluster.locked(task);
            watchTimeout();
        });
    }

    @Override
    public void acknowledge(Assignment assignment, long upTo, long[] alsoThese) {
        Acknowledgement acknowledgement = new Acknowledgement(assignment, upTo, alsoThese);
        command(() -> group.acknowledge(this, acknowledgement));
    }

    @Override
    public CompletableFuture<Void> flush(Assignment assignment) {
        CompletableFuture<Void> answer = runtime.future();
        command(() -> flushes.add(assignment, answer));
        loop.execute(this::settleFlushes);
        return answer;
    }

    @Override
    public void pause(Set<Assignment> assignments) {
        Set<Assignment> copy = new LinkedHashSet<>(assignments);
        command(() -> copy.forEach(assignment -> group.pause(this, assignment)));
    }

    @Override
    public void resume(Set<Assignment> assignments) {
        Set<Assignment> copy = new LinkedHashSet<>(assignments);
        command(() -> copy.forEach(assignment -> group.resume(this, assignment)));
    }

    @Override
    public void hold(Assignment assignment, long tag) {
        command(() -> group.hold(this, assignment, tag));
    }

    @Override
    public void release(Assignment assignment, long tag) {
        command(() -> group.release(this, assignment, tag));
    }

    @Override
    public void recycle(Assignment assignment, String reason) {
        runtime.note(clientId, () -> spec.group() + " recycling " + assignment + ": " + reason);
        command(() -> group.recycle(this, assignment));
    }

    @Override
    public @Nullable String impediment() {
        return cluster.locked(this::connected) ? null : "the broker was disconnected by the test";
    }

    @Override
    public @Nullable Duration holdLimit() {
        return cluster.holdLimit();
    }

    /** The broker in memory takes each acknowledgement at once. */
    @Override
    public CompletableFuture<Long> close(Duration limit) {
        return cluster.locked(() -> {
            beginClose();
            return closing();
        });
    }

    void beginClose() {
        if (closed == null) {
            closed = runtime.future();
            loop.execute(this::leave);
        }
    }

    private CompletableFuture<Long> closing() {
        return Objects.requireNonNull(closed, "closed");
    }

    private void leave() {
        settleFlushes();
        cluster.locked(() -> {
            reports.clear();
            group.leave(this);
            cluster.remove(this);
        });
        settleFlushes();
        CompletableFuture<Long> ending = cluster.locked(this::closing);
        loop.execute(() -> {
            ending.complete(0L);
            loop.close();
        });
    }

    @Override
    public String toString() {
        return "A consumer of client '" + clientId + "' in group '" + spec.group() + "'";
    }

    private record Report(Supplier<String> text, Consumer<BackendListener> call) {}
}
