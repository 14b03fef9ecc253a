package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.kafka.internal.shared.CloseSignal;
import io.microservicekit.messaging.kafka.internal.shared.PollCommands;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * What happens inside the driver's rebalance callbacks: partitions are set aside for pinning, and what goes is drained and committed. No question is
 * asked there. On the poll thread.
 */
final class Rebalances implements ConsumerRebalanceListener {
    /** The engine answers at its limit; only after that does nobody answer. */
    private static final Duration SLACK = Duration.ofMillis(500);

    private static final Duration TURN = Duration.ofMillis(20);

    private final Session session;
    private final DriverCalls driver;
    private final Holdings holdings;
    private final OffsetCommits commits;
    private final Signals signals;

    /** What others want of the poll thread, and whether it is to end. */
    record Signals(PollCommands commands, CloseSignal closing, Readiness readiness) {}

    Rebalances(Session session, DriverCalls driver, Holdings holdings, OffsetCommits commits, Signals signals) {
        this.session = session;
        this.driver = driver;
        this.holdings = holdings;
        this.commits = commits;
        this.signals = signals;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        holdings.assigned(partitions);
        signals.readiness().joined();
        for (TopicPartition partition : partitions) {
            // Without any position the driver would stop polling with an error; this one is replaced before the first
            // fetch.
            driver.seek(partition, 0);
        }
        driver.pause(partitions);
        if (signals.closing().isGiven()) {
            // The driver may begin the next round before the poll returns, and between two assignments it takes no
            // commit.
            commits.sync().commitBeforeGoing(holdings.all(), remaining());
        }
    }

    private Duration remaining() {
        return Duration.ofNanos(signals.closing().remainingNanos(session.now()));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        List<Holding> going = holdings.of(partitions);
        try {
            if (!going.isEmpty()) {
                drain(going);
                commits.sync().commitBeforeGoing(going, commitLimit());
            }
        } finally {
            // They belong to somebody else from now on, whatever failed.
            letGo(partitions);
        }
    }

    private Duration commitLimit() {
        boolean shorter = signals.closing().isGiven() && remaining().compareTo(DriverCalls.LIMIT) < 0;
        return shorter ? remaining() : DriverCalls.LIMIT;
    }

    /** In a close what the broker has not taken of them is reported. */
    private void letGo(Collection<TopicPartition> partitions) {
        if (signals.closing().isGiven()) {
            holdings.removeUncommitted(partitions);
        } else {
            holdings.remove(partitions);
        }
    }

    private void drain(List<Holding> going) {
        if (!signals.closing().isGiven()) {
            Duration limit = session.revokeDrain();
            CompletableFuture<Void> drained = session.listener().revoked(Holdings.assignments(going), limit);
            awaitDrain(drained, limit.plus(SLACK));
        }
        signals.commands().runAll();
    }

    /** Handlers that end may wait for a commit themselves, which nobody but this thread can make. */
    private void awaitDrain(CompletableFuture<Void> drained, Duration limit) {
        ClientRuntime runtime = session.context().runtime();
        long until = runtime.nanoTime() + Nanos.of(limit);
        while (!drained.isDone() && runtime.nanoTime() - until < 0) {
            runtime.awaitDrain(drained, TURN);
            driver.giveSign();
            signals.commands().runAll();
            commits.commitAwaited();
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        signals.readiness().left();
        List<Holding> gone = holdings.of(partitions);
        letGo(partitions);
        if (!gone.isEmpty() && !signals.closing().isGiven()) {
            session.listener().lost(Holdings.assignments(gone));
        }
    }

    /** The driver has no position for partitions that it holds: they are pinned again. */
    void positionsGone(Collection<TopicPartition> partitions) {
        onPartitionsLost(partitions);
        onPartitionsAssigned(partitions);
    }
}
