package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.observe.PositionReset;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.kafka.internal.shared.CloseSignal;
import io.microservicekit.messaging.kafka.internal.shared.PollCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * The poll thread of one subscription: the only one that touches the driver's consumer. Others leave commands in a queue and may wake it up.
 *
 * <p>A partition that was assigned is set to offset 0 and paused inside the driver's callback (no question is asked there), pinned between two polls,
 * and only then shown to the engine; so the engine never sees a partition whose position is not committed.
 */
final class KafkaConsumerLoop implements Runnable, ConsumerRebalanceListener {
    private static final Duration POLL = Duration.ofMillis(100);
    /** While somebody waits for a commit: the driver tells of its answer between polls. */
    private static final Duration SHORT_POLL = Duration.ofMillis(2);

    private static final int COMMIT_AT_MOST = 1_000;
    /** The engine answers at its limit; only after that does nobody answer. */
    private static final Duration SLACK = Duration.ofMillis(500);

    private static final Duration DRAIN_TURN = Duration.ofMillis(20);
    /** How long a failed subscription is kept for the engine to end it. */
    private static final Duration KEPT = Duration.ofSeconds(10);

    private final Session session;
    private final Consumer<byte[], byte[]> consumer;
    private final Loop control;
    private final DriverCalls driver;
    private final Holdings holdings = new Holdings();
    private final PositionResolver resolver;
    private final Readiness readiness;
    private final OffsetCommits commits;
    private final ReceivedRecords records;
    private final PollCommands commands = new PollCommands();
    private final CloseSignal closing = new CloseSignal();
    private final CompletableFuture<Void> closeAsked;
    private final CompletableFuture<Void> ended;
    private final Map<TopicPartition, Long> outOfRange = new LinkedHashMap<>();
    private boolean started;
    private boolean failed;

    /** What is consumed and for whom. */
    record Session(ConsumerSpec spec, BackendListener listener, BackendContext context, Duration revokeDrain) {}

    KafkaConsumerLoop(Session session, Consumer<byte[], byte[]> consumer, Loop control) {
        this.session = session;
        this.consumer = consumer;
        this.control = control;
        System.Logger logger = session.context().logger();
        this.driver = new DriverCalls(consumer, closing::isGiven);
        this.resolver = new PositionResolver(driver, session.spec().startPosition());
        this.readiness = new Readiness(session.spec(), driver, resolver, logger);
        this.commits = new OffsetCommits(
                new OffsetCommits.Parts(consumer, driver, holdings, logger),
                commitThreshold(session.spec()),
                this::acknowledged);
        this.records = new ReceivedRecords(holdings, session.spec().group());
        this.closeAsked = session.context().runtime().future();
        this.ended = session.context().runtime().future();
    }

    /** How many acknowledged offsets are worth a commit before its time: at the latest half of what the engine allows. */
    static long commitThreshold(ConsumerSpec spec) {
        return Math.max(1, Math.min(COMMIT_AT_MOST, spec.maxUncommitted() / 2));
    }

    void acknowledge(Assignment assignment, long upTo) {
        commands.add(() -> {
            Holding holding = holdings.get(assignment);
            if (holding != null) {
                holding.acknowledge(upTo);
            }
        });
    }

    CompletableFuture<Void> flush(Assignment assignment) {
        CompletableFuture<Void> answer = session.context().runtime().future();
        commands.add(() -> commits.flush(assignment, answer));
        return answer;
    }

    void pause(Set<Assignment> assignments) {
        commands.add(() -> consumer.pause(partitions(assignments)));
    }

    void resume(Set<Assignment> assignments) {
        commands.add(() -> consumer.resume(partitions(assignments)));
    }

    void wakeup() {
        consumer.wakeup();
    }

    CompletableFuture<Void> close(Duration limit) {
        closing.atTheLatest(now() + Nanos.of(limit));
        closeAsked.complete(null);
        consumer.wakeup();
        CompletableFuture<Void> closed = session.context().runtime().future();
        Loop.Timer timer = control.schedule(limit, () -> closed.complete(null));
        var unused = ended.whenComplete((result, error) -> {
            timer.cancel();
            closed.complete(null);
        });
        return closed;
    }

    @Override
    public void run() {
        try {
            while (!closing.isGiven() && !failed) {
                turn();
            }
        } catch (Throwable e) {
            fail(ConsumeFailures.of(session.spec(), e));
        } finally {
            keepUntilClosed();
            end();
        }
    }

    private void turn() {
        Thread.interrupted();
        commands.runAll();
        try {
            prepare();
            poll();
        } catch (WakeupException | InterruptException e) {
            // There is something to do: a command, or the end.
        } catch (OffsetOutOfRangeException e) {
            outOfRange.putAll(e.offsetOutOfRangePartitions());
        } catch (NoOffsetForPartitionException e) {
            onPartitionsLost(e.partitions());
            onPartitionsAssigned(e.partitions());
        } catch (RetriableException e) {
            log("Polling", e);
        }
    }

    /** What is to be done between two polls, one step independent of the other: what the broker cannot do now is asked for again in a later turn. */
    private void prepare() {
        attempt("Committing", () -> commits.commitIfDue(now()));
        attempt("Subscribing", this::start);
        attempt("Going back in range", this::backInRange);
        pin();
        attempt(
                "Asking for readiness",
                () -> readiness.check(now(), holdings.unpinned().isEmpty(), session.listener()));
    }

    private boolean attempt(String what, Runnable step) {
        try {
            step.run();
            return true;
        } catch (RetriableException | RebalanceInProgressException | CommitFailedException e) {
            log(what, e);
            return false;
        }
    }

    private void start() {
        if (started) {
            return;
        }
        String deadLetters = session.spec().deadLetterTopic();
        if (deadLetters != null && driver.partitionCount(deadLetters) == 0) {
            fail(ConsumeFailures.noDeadLetterTopic(session.spec(), deadLetters));
            return;
        }
        consumer.subscribe(session.spec().topics(), this);
        started = true;
    }

    /** As long as it goes well and quickly: one question without an answer is as long as the polls may wait. */
    private void pin() {
        long begun = now();
        List<TopicPartition> next = holdings.unpinned().next(begun);
        while (!next.isEmpty() && now() - begun < DriverCalls.QUESTION.toNanos()) {
            List<TopicPartition> together = next;
            if (!attempt("Pinning " + together, () -> begin(resolver.resolve(together)))) {
                holdings.unpinned().failed(together, now());
                return;
            }
            next = holdings.unpinned().next(now());
        }
    }

    /** The engine begins partitions running, so they are resumed. */
    private void begin(Map<TopicPartition, PositionResolver.Position> positions) {
        Set<Assignment> fresh = new LinkedHashSet<>();
        positions.forEach((partition, position) -> {
            consumer.seek(partition, position.offset());
            fresh.add(holdings.hold(partition, position).assignment());
        });
        consumer.resume(positions.keySet());
        session.listener().assigned(fresh);
    }

    /** What was wanted is no longer at the broker: go on at the beginning of what is, and say so. */
    private void backInRange() {
        if (outOfRange.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> beginnings = driver.beginningOffsets(outOfRange.keySet());
        outOfRange.forEach((partition, from) -> {
            long to = Objects.requireNonNull(beginnings.get(partition), "beginning");
            PositionReset event = new PositionReset(partition.topic(), partition.partition(), from, to);
            session.context()
                    .logger()
                    .log(
                            System.Logger.Level.WARNING,
                            "Group '" + session.spec().group() + "' wanted an offset that the broker no longer has: "
                                    + event + ". Messages in between were deleted before they were handled.");
            session.context().observer().positionReset(event);
            Holding holding = holdings.get(partition);
            if (holding != null) {
                reset(holding, from, to);
            }
        });
        outOfRange.clear();
    }

    private void reset(Holding holding, long from, long to) {
        TopicPartition partition = holding.partition();
        if (to >= from) {
            consumer.seek(partition, to);
            holding.positions().advanced(to);
            return;
        }
        // The topic was made anew or cut: offsets, and so tags, begin again, which needs an epoch of its own. All in it
        // is new: count none.
        session.listener().lost(Holdings.assignments(List.of(holding)));
        begin(Collections.singletonMap(partition, new PositionResolver.Position(to, 0)));
    }

    private void poll() {
        if (started && !closing.isGiven()) {
            records.deliver(consumer.poll(commits.isAwaited() ? SHORT_POLL : POLL), session.listener());
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            // Without any position the driver would stop polling with an error; this one is replaced before the first
            // fetch.
            consumer.seek(partition, 0);
        }
        consumer.pause(partitions);
        holdings.assigned(partitions);
        readiness.joined();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        List<Holding> going = holdings.of(partitions);
        if (!going.isEmpty()) {
            drain(going);
            commits.commitSync(going, DriverCalls.LIMIT);
        }
        holdings.remove(partitions);
    }

    private void drain(List<Holding> going) {
        if (!closing.isGiven()) {
            Duration limit = session.revokeDrain();
            CompletableFuture<Void> drained = session.listener().revoked(Holdings.assignments(going), limit);
            awaitDrain(drained, now() + Nanos.of(limit.plus(SLACK)));
        }
        commands.runAll();
    }

    /** Handlers that end may wait for a commit themselves, which nobody but this thread can do. */
    private void awaitDrain(CompletableFuture<Void> drained, long until) {
        while (!drained.isDone() && now() - until < 0) {
            session.context().runtime().awaitDrain(drained, DRAIN_TURN);
            commands.runAll();
            commits.commitAwaited();
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        List<Holding> gone = holdings.of(partitions);
        holdings.remove(partitions);
        if (!gone.isEmpty() && !closing.isGiven()) {
            session.listener().lost(Holdings.assignments(gone));
        }
    }

    private void acknowledged(Assignment assignment, long upTo) {
        if (!closing.isGiven()) {
            session.listener().acknowledged(assignment, upTo);
        }
    }

    /** Those that are still held; a command for an old epoch means nothing. */
    private List<TopicPartition> partitions(Set<Assignment> assignments) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (Assignment assignment : assignments) {
            Holding holding = holdings.get(assignment);
            if (holding != null) {
                partitions.add(holding.partition());
            }
        }
        return partitions;
    }

    private void fail(MessagingException cause) {
        if (!closing.isGiven()) {
            failed = true;
            session.listener().failed(cause);
        }
    }

    /** The engine still ends what its handlers have begun: the membership is kept and their progress committed until it closes. */
    private void keepUntilClosed() {
        long until = now() + KEPT.toNanos();
        try {
            while (started && !closing.isGiven() && now() - until < 0) {
                keepTurn();
            }
        } catch (RuntimeException e) {
            log("Polling without fetching", e);
        }
        if (!closing.isGiven()) {
            session.context().runtime().awaitDrain(closeAsked, Duration.ofNanos(Math.max(0, until - now())));
            closing.atTheLatest(now() + Nanos.of(DriverCalls.LIMIT));
        }
    }

    private void keepTurn() {
        Thread.interrupted();
        commands.runAll();
        try {
            attempt("Committing", () -> commits.commitIfDue(now()));
            consumer.pause(consumer.assignment());
            attempt("Polling without fetching", () -> consumer.poll(commits.isAwaited() ? SHORT_POLL : POLL));
        } catch (WakeupException | InterruptException e) {
            // There is something to do: a command, or the end.
        }
    }

    private void end() {
        try {
            commands.runAll();
            commits.commitSync(holdings.all(), remaining());
        } catch (RuntimeException e) {
            log("Committing at the end", e);
        }
        // So that the revocation inside the driver's close does not commit again.
        holdings.remove(Holdings.partitions(holdings.all()));
        try {
            commits.dropGone();
            consumer.close(CloseOptions.timeout(remaining()));
        } catch (RuntimeException e) {
            log("Closing", e);
        } finally {
            ended.complete(null);
        }
    }

    private Duration remaining() {
        return Duration.ofNanos(closing.remainingNanos(now()));
    }

    private long now() {
        return session.context().runtime().nanoTime();
    }

    private void log(String attempt, RuntimeException error) {
        session.context()
                .logger()
                .log(
                        System.Logger.Level.DEBUG,
                        attempt + " in group '" + session.spec().group() + "' failed: " + error + ".");
    }
}
