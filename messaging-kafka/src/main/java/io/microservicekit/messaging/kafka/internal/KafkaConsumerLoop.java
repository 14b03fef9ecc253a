package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.kafka.internal.shared.CloseSignal;
import io.microservicekit.messaging.kafka.internal.shared.ConsumerCondition;
import io.microservicekit.messaging.kafka.internal.shared.PollCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * The poll thread of one subscription: the only one that touches the driver's consumer. Others leave commands in a queue and may wake it up.
 *
 * <p>A partition that was assigned is set to offset 0 and paused inside the driver's callback (no question is asked there), pinned between two polls,
 * and only then shown to the engine; so the engine never sees a partition whose position is not committed.
 */
final class KafkaConsumerLoop implements Runnable {
    private static final Duration POLL = Duration.ofMillis(100);
    /** While somebody waits for a commit: the driver tells of its answer between polls. */
    private static final Duration SHORT_POLL = Duration.ofMillis(2);

    private static final int COMMIT_AT_MOST = 1_000;
    /** How long a failed subscription is kept for the engine to end it. */
    private static final Duration KEPT = Duration.ofSeconds(10);

    /** What a close keeps for leaving the group. */
    private static final Duration LEAVE = Duration.ofMillis(200);

    private final Session session;
    private final Consumer<byte[], byte[]> consumer;
    private final Loop control;
    /** Whether all is there that is to be created. */
    private final BooleanSupplier topics;

    private final DriverCalls driver;
    private final Holdings holdings;
    private final Attempts attempts;
    private final Recovery recovery;
    private final TopicIds ids;
    private final Pinning pinning;
    private final Readiness readiness;
    private final Rebalances rebalances;
    private final OffsetCommits commits;
    private final ReceivedRecords records;
    private final PollCommands commands = new PollCommands();
    private final CloseSignal closing = new CloseSignal();
    private final ConsumerCondition condition;
    private final CompletableFuture<Void> closeAsked;
    private final CompletableFuture<Long> ended;
    /** The dead-letter topic; null until a broker has said that it is not there. */
    private @Nullable Long missedSince;

    private boolean started;
    private boolean failed;

    KafkaConsumerLoop(Session session, Consumer<byte[], byte[]> consumer, Loop control, BooleanSupplier topics) {
        this.session = session;
        this.topics = topics;
        this.consumer = consumer;
        this.control = control;
        this.condition = new ConsumerCondition(session.now(), session.maxPollInterval());
        System.Logger logger = session.spec().logger();
        this.holdings = new Holdings(commitThreshold(session.spec()));
        this.driver = new DriverCalls(consumer, closing::isGiven, () -> condition.calls(now()));
        this.attempts = new Attempts(session.group(), logger, this::now);
        this.recovery = new Recovery(attempts);
        this.ids = new TopicIds(session.topics(), session.context().runtime(), logger, commands);
        PositionResolver resolver =
                new PositionResolver(driver, ids, session.spec().startPosition());
        this.pinning = new Pinning(session, holdings, new Pinning.Questions(driver, ids, resolver, attempts));
        this.readiness = new Readiness(session.spec(), driver, resolver, ids);
        this.commits = new OffsetCommits(
                new OffsetCommits.Parts(consumer, driver, holdings, logger, this::now, this::isDoubtful),
                session.limits().lost(),
                this::acknowledged);
        this.rebalances = new Rebalances(
                session, driver, holdings, commits, new Rebalances.Signals(commands, closing, readiness));
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
                condition.unacknowledged(holdings.unacknowledged());
            }
        });
    }

    CompletableFuture<Void> flush(Assignment assignment) {
        CompletableFuture<Void> answer = session.context().runtime().future();
        commands.add(() -> commits.flush(assignment, answer));
        return answer;
    }

    void pause(Set<Assignment> assignments) {
        commands.add(() -> driver.pause(partitions(assignments)));
    }

    void resume(Set<Assignment> assignments) {
        commands.add(() -> driver.resume(partitions(assignments)));
    }

    /** What keeps it from taking part, null when nothing does; from any thread. */
    @Nullable String impedimentSeen() {
        return condition.impediment(now());
    }

    /** Why nothing but a new process helps, null when that is not so; from any thread. */
    @Nullable String hangSeen() {
        return condition.hang(now());
    }

    void wakeup() {
        consumer.wakeup();
    }

    /** With what is known of how much the broker has not taken, also when the limit passes first. */
    CompletableFuture<Long> close(Duration limit) {
        closing.atTheLatest(now() + Nanos.of(limit));
        closeAsked.complete(null);
        consumer.wakeup();
        CompletableFuture<Long> closed = session.context().runtime().future();
        Loop.Timer timer = control.schedule(limit, () -> closed.complete(condition.unacknowledged()));
        var unused = ended.whenComplete((unacknowledged, error) -> {
            timer.cancel();
            closed.complete(unacknowledged);
        });
        return closed;
    }

    /** Instead of {@link #run}: nobody else would end the driver's threads. */
    void discard() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
        ended.complete(0L);
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
        condition.turn(now(), impediment());
        try {
            commands.runAll();
            prepare();
            poll();
        } catch (WakeupException | InterruptException e) {
            // There is something to do: a command, or the end.
        } catch (KafkaException e) {
            mend(e);
        }
    }

    /** Positions are set right in the next turns; the rest is tried again for as long as that may help. */
    private void mend(KafkaException error) {
        if (error instanceof OffsetOutOfRangeException gone) {
            pinning.outOfRange(gone.offsetOutOfRangePartitions());
        } else if (error instanceof NoOffsetForPartitionException none) {
            rebalances.positionsGone(none.partitions());
        } else {
            rest(recovery.failed(error, now()));
        }
    }

    private void rest(Duration pause) {
        session.context().runtime().awaitDrain(closeAsked, pause);
    }

    private @Nullable String impediment() {
        String failing = recovery.impediment(now());
        if (failing != null) {
            return failing;
        }
        String unready = readiness.impediment(now(), holdings.unpinned().isEmpty());
        String unplaced = unready == null ? pinning.impediment(now()) : unready;
        return unplaced == null ? commits.impediment(now()) : unplaced;
    }

    /** What is to be done between two polls, one step independent of the other: what the broker cannot do now is asked for again in a later turn. */
    private void prepare() {
        attempts.attemptPatiently("Committing", () -> commits.commitIfDue(now()));
        attempts.attempt("Subscribing", this::start);
        ids.refreshIfDue(now(), session.spec().topics());
        pinning.startAnew();
        pinning.backInRange();
        pinning.pin();
        attempts.attemptPatiently(
                "Asking for readiness",
                () -> readiness.check(now(), holdings.unpinned().isEmpty(), session.listener()));
    }

    private void start() {
        if (started || !topics.getAsBoolean()) {
            return;
        }
        if (isDeadLetterTopicMissing()) {
            return;
        }
        consumer.subscribe(session.spec().topics(), rebalances);
        started = true;
    }

    /** It is the end of the subscription, but not at the first answer: a broker that lags behind gives it, of a topic that was created just before. */
    private boolean isDeadLetterTopicMissing() {
        String topic = session.spec().deadLetterTopic();
        if (topic == null || driver.partitionCount(topic) > 0) {
            return false;
        }
        long since = missedSince == null ? now() : missedSince;
        missedSince = since;
        if (now() - since >= TopicIds.LOOK_NANOS) {
            fail(ConsumeFailures.noDeadLetterTopic(session.spec(), topic));
        } else {
            rest(DriverCalls.QUESTION);
        }
        return true;
    }

    private void poll() {
        if (started && !closing.isGiven()) {
            driver.giveSign();
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(commits.isAwaited() ? SHORT_POLL : POLL);
            recovery.succeeded();
            records.deliver(polled, session.listener());
        }
    }

    private boolean isDoubtful(Holding.Commit commit) {
        return ids.isDoubtful(commit.topic(), commit.holding().pin().topicId());
    }

    private void acknowledged(Assignment assignment, long upTo) {
        condition.unacknowledged(holdings.unacknowledged());
        session.listener().acknowledged(assignment, upTo);
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
        } catch (Throwable e) {
            attempts.log("Polling without fetching", e);
        }
        if (!closing.isGiven()) {
            session.context().runtime().awaitDrain(closeAsked, Duration.ofNanos(Math.max(0, until - now())));
            closing.atTheLatest(now() + Nanos.of(DriverCalls.LIMIT));
        }
    }

    private void keepTurn() {
        Thread.interrupted();
        try {
            commands.runAll();
            atTheEnd("Committing", () -> commits.commitIfDue(now()));
            driver.pause(consumer.assignment());
            attempts.attempt("Polling without fetching", () -> consumer.poll(commits.isAwaited() ? SHORT_POLL : POLL));
        } catch (WakeupException | InterruptException e) {
            // There is something to do: a command, or the end.
        }
    }

    private void end() {
        atTheEnd("Doing at the end what was asked for", commands::runAll);
        atTheEnd("Committing at the end", this::commitAtTheEnd);
        long unacknowledged = holdings.unacknowledged();
        condition.unacknowledged(unacknowledged);
        // So that the revocation inside the driver's close does not commit again.
        holdings.remove(Holdings.partitions(holdings.all()));
        atTheEnd("Telling who waits for commits", commits::dropGone);
        atTheEnd("Closing", () -> consumer.close(CloseOptions.timeout(remaining())));
        ended.complete(unacknowledged);
    }

    /** A rebalance of the group is waited for, since meanwhile it takes no commit: without it what was handled in it would be handled again. */
    private void commitAtTheEnd() {
        while (remaining().compareTo(LEAVE) > 0) {
            if (commits.sync().commitUnlessMoving(remaining().minus(LEAVE))) {
                return;
            }
            keepTurn();
        }
        commits.sync().commitBeforeGoing(holdings.all(), remaining());
    }

    /** Each step is taken whatever became of the one before: somebody waits for the end, and the group for our place. */
    private void atTheEnd(String what, Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            attempts.log(what, e);
        }
    }

    private Duration remaining() {
        return Duration.ofNanos(closing.remainingNanos(now()));
    }

    private long now() {
        return session.now();
    }
}
