package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.spi.Assignment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Commits what the engine acknowledged: by interval or number while running, synchronously when partitions go. Only partitions that are held, never
 * a lower position than committed, one asynchronous commit of a partition at a time. On the poll thread.
 */
final class OffsetCommits {
    private static final Duration AWAITED = Duration.ofSeconds(1);
    private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

    private final Consumer<byte[], byte[]> consumer;
    private final Holdings holdings;
    private final BiConsumer<Assignment, Long> taken;
    private final System.Logger logger;
    private final Duration lost;
    private final AwaitedCommits awaited;
    private @Nullable Long last;
    private final TroubledTopics troubled = new TroubledTopics();
    private final List<UnderWay> underWay = new ArrayList<>();
    private final FailingCommits failing = new FailingCommits();
    private final SyncCommits sync;
    private @Nullable RuntimeException fatal;
    private boolean told;
    private boolean again;

    /** With after how long no answer to a commit comes any more. */
    OffsetCommits(Parts parts, Duration lost, BiConsumer<Assignment, Long> taken) {
        this.consumer = parts.consumer();
        this.holdings = parts.holdings();
        this.logger = parts.logger();
        this.lost = lost;
        this.taken = taken;
        this.awaited = new AwaitedCommits(holdings);
        this.sync = new SyncCommits(parts, troubled, this::taken);
    }

    /** An asynchronous commit without an answer, and since when. */
    private record UnderWay(List<Holding.Commit> commits, long since) {}

    /**
     * What it works with.
     *
     * @param doubtful whether something says that the topic of a commit is not there any more
     */
    record Parts(
            Consumer<byte[], byte[]> consumer,
            DriverCalls driver,
            Holdings holdings,
            System.Logger logger,
            LongSupplier nanoTime,
            Predicate<Holding.Commit> doubtful) {}

    /** Commits what an assignment has acknowledged so far at the next occasion, and tells when that is done. */
    void flush(Assignment assignment, CompletableFuture<Void> answer) {
        awaited.add(holdings.get(assignment), answer);
    }

    /** Whether somebody waits for a commit. */
    boolean isAwaited() {
        return !awaited.isEmpty();
    }

    /** Commits synchronously when somebody has begun to wait: inside the driver's callbacks no other commit is answered. */
    void commitAwaited() {
        if (awaited.takeAsked()) {
            sync.commitDue(holdings.all(), AWAITED);
        }
    }

    /** Tells those who wait for commits of partitions that are gone. */
    void dropGone() {
        awaited.settle();
    }

    /** Commits when it is time to. Throws, once, what an earlier asynchronous commit met and nobody can mend. */
    void commitIfDue(long now) {
        RuntimeException error = fatal;
        if (error != null) {
            fatal = null;
            throw error;
        }
        awaited.settle();
        giveUpIfLost(now);
        if (underWay.isEmpty() && isDue(now)) {
            last = now;
            again = false;
            List<Holding.Commit> due = due(holdings.all());
            failing.retain(TroubledTopics.topics(due));
            troubled.groups(due).forEach(group -> commitAsync(group, now));
        }
    }

    private boolean isDue(long now) {
        boolean intervalOver = last == null || now - last >= INTERVAL_NANOS;
        return awaited.takeAsked() || again || intervalOver || holdings.isWorthACommit();
    }

    /** What goes with partitions, and at the end. */
    SyncCommits sync() {
        return sync;
    }

    private void taken(List<Holding.Commit> commits) {
        failing.taken(TroubledTopics.topics(commits));
        troubled.taken(commits);
        commits.forEach(this::taken);
        awaited.settle();
    }

    static List<Holding.Commit> due(Collection<Holding> candidates) {
        List<Holding.Commit> commits = new ArrayList<>();
        for (Holding holding : candidates) {
            if (holding.hasToCommit()) {
                commits.add(holding.toCommit());
            }
        }
        return commits;
    }

    private void commitAsync(List<Holding.Commit> commits, long now) {
        UnderWay own = new UnderWay(commits, now);
        underWay.add(own);
        try {
            consumer.commitAsync(offsets(commits), (offsets, error) -> {
                // Else it was given up, and another one may be under way.
                if (underWay.remove(own)) {
                    answered(own, error);
                }
            });
        } catch (RuntimeException e) {
            // By group.protocol=consumer the driver waits in here, and nobody calls back once that was given up.
            if (underWay.remove(own)) {
                answered(own, e);
            }
            throw e;
        }
    }

    private void giveUpIfLost(long now) {
        for (UnderWay commit : new ArrayList<>(underWay)) {
            if (now - commit.since() >= lost.toNanos()) {
                underWay.remove(commit);
                answered(commit, new TimeoutException("no answer within " + lost));
            }
        }
    }

    private void answered(UnderWay commit, @Nullable Exception error) {
        List<Holding.Commit> commits = commit.commits();
        if (error == null) {
            taken(commits);
            return;
        }
        boolean separated = troubled.separates(commits, error);
        again |= separated;
        if (!separated && ConsumeFailures.refused(error)) {
            refused(error);
        } else {
            failing.failed(TroubledTopics.topics(commits), error, commit.since());
        }
        // Retried with the next interval for what is still held; partitions that are gone are not in there then.
        logger.log(System.Logger.Level.DEBUG, "Committing " + offsets(commits) + " failed: " + error);
    }

    /** It ends the subscription, in whose last turns the other topics are still committed. */
    private void refused(Exception error) {
        if (!told && error instanceof RuntimeException ours) {
            told = true;
            fatal = ours;
        }
    }

    /** That commits fail for longer than a rebalance lasts, null when they do not. */
    @Nullable String impediment(long now) {
        return failing.impediment(now);
    }

    private void taken(Holding.Commit commit) {
        if (commit.taken() && holdings.holds(commit.holding())) {
            taken.accept(commit.holding().assignment(), commit.upTo());
        }
    }

    static Map<TopicPartition, OffsetAndMetadata> offsets(List<Holding.Commit> commits) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
        commits.forEach(commit -> offsets.put(commit.holding().partition(), commit.offset()));
        return offsets;
    }
}
