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
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Commits what the engine acknowledged: by interval or number while running, synchronously when partitions go. Only partitions that are held, never
 * a lower position than committed, one asynchronous commit at a time. On the poll thread.
 */
final class OffsetCommits {
    private static final Duration AWAITED = Duration.ofSeconds(1);
    private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long FAILING_NANOS = Duration.ofSeconds(5).toNanos();
    /** Twice what a request may take as we set it: whatever the driver does, an answer that is later does not come. */
    private static final long LOST_NANOS = Duration.ofSeconds(30).toNanos();

    private final Consumer<byte[], byte[]> consumer;
    private final DriverCalls driver;
    private final Holdings holdings;
    private final BiConsumer<Assignment, Long> taken;
    private final System.Logger logger;
    private final long threshold;
    private final AwaitedCommits awaited;
    private @Nullable Long last;
    private @Nullable UnderWay underWay;
    private long failingSince;
    private @Nullable Exception failing;
    private @Nullable Exception fatal;

    OffsetCommits(Parts parts, long threshold, BiConsumer<Assignment, Long> taken) {
        this.consumer = parts.consumer();
        this.driver = parts.driver();
        this.holdings = parts.holdings();
        this.logger = parts.logger();
        this.threshold = threshold;
        this.taken = taken;
        this.awaited = new AwaitedCommits(holdings);
    }

    /** An asynchronous commit without an answer, and since when. */
    private record UnderWay(List<Holding.Commit> commits, long since) {}

    /** What it works with. */
    record Parts(Consumer<byte[], byte[]> consumer, DriverCalls driver, Holdings holdings, System.Logger logger) {}

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
            commitSync(due(holdings.all()), AWAITED);
        }
    }

    /** Tells those who wait for commits of partitions that are gone. */
    void dropGone() {
        awaited.settle();
    }

    /** Commits when it is time to. Throws what an earlier asynchronous commit met and nobody can mend. */
    void commitIfDue(long now) {
        if (fatal instanceof RuntimeException error) {
            throw error;
        }
        awaited.settle();
        giveUpIfLost(now);
        if (underWay == null && isDue(now)) {
            last = now;
            commitAsync(due(holdings.all()), now);
        }
    }

    private boolean isDue(long now) {
        boolean intervalOver = last == null || now - last >= INTERVAL_NANOS;
        return awaited.takeAsked() || intervalOver || holdings.uncommitted() >= threshold;
    }

    /**
     * Commits what is acknowledged of some holdings before they go; where nothing is, the position once more, so that whoever comes next finds which
     * topic the group was reading, also when the commits went with a topic that was deleted.
     */
    void commitBeforeGoing(Collection<Holding> going, Duration limit) {
        commitSync(leaving(going), enough(going, limit));
    }

    /**
     * The same for all that is held, unless the group is between two assignments: then it takes no commit, and the driver has to take part until it has
     * the next one. False when something is left to commit for that reason.
     */
    boolean commitUnlessMoving(Duration limit) {
        Collection<Holding> all = holdings.all();
        try {
            commitApart(leaving(all), enough(all, limit));
        } catch (RebalanceInProgressException e) {
            return due(all).isEmpty();
        }
        return true;
    }

    private static List<Holding.Commit> leaving(Collection<Holding> going) {
        List<Holding.Commit> commits = due(going);
        for (Holding holding : going) {
            if (!holding.hasToCommit()) {
                commits.add(holding.toCommit());
            }
        }
        return commits;
    }

    private static Duration enough(Collection<Holding> going, Duration limit) {
        boolean nothingNew = going.stream().noneMatch(Holding::hasToCommit);
        return nothingNew && limit.compareTo(DriverCalls.QUESTION) > 0 ? DriverCalls.QUESTION : limit;
    }

    /** A failure costs duplicates, nothing else. */
    private void commitSync(List<Holding.Commit> commits, Duration limit) {
        try {
            commitApart(commits, limit);
        } catch (RebalanceInProgressException e) {
            tell(commits, e);
        }
    }

    /** Throws only that the group is between two assignments. */
    private void commitApart(List<Holding.Commit> commits, Duration limit) {
        try {
            commit(commits, limit);
        } catch (RebalanceInProgressException e) {
            throw e;
        } catch (KafkaException e) {
            failed(commits, e, limit);
        }
    }

    private void commit(List<Holding.Commit> commits, Duration limit) {
        if (!commits.isEmpty()) {
            driver.commitSync(offsets(commits), limit);
            failing = null;
            commits.forEach(this::taken);
            awaited.settle();
        }
    }

    /**
     * One topic that was deleted, or that we may not read any more, fails the commit of all: the others are then committed on their own, and have the
     * limit once more together.
     */
    private void failed(List<Holding.Commit> commits, KafkaException error, Duration limit) {
        Map<String, List<Holding.Commit>> topics = byTopic(commits);
        if (topics.size() < 2 || !mayBeOfOneTopic(error)) {
            tell(commits, error);
            return;
        }
        for (List<Holding.Commit> own : topics.values()) {
            try {
                commit(own, limit.dividedBy(topics.size()));
            } catch (RebalanceInProgressException e) {
                throw e;
            } catch (KafkaException e) {
                tell(own, e);
            }
        }
    }

    /** The driver has no class of its own for a topic that does not exist. */
    private static boolean mayBeOfOneTopic(KafkaException error) {
        return error instanceof UnknownTopicOrPartitionException
                || error instanceof TopicAuthorizationException
                || error.getClass() == KafkaException.class;
    }

    private static Map<String, List<Holding.Commit>> byTopic(List<Holding.Commit> commits) {
        Map<String, List<Holding.Commit>> topics = new LinkedHashMap<>();
        for (Holding.Commit commit : commits) {
            topics.computeIfAbsent(commit.holding().partition().topic(), topic -> new ArrayList<>())
                    .add(commit);
        }
        return topics;
    }

    private void tell(List<Holding.Commit> commits, KafkaException error) {
        boolean news = commits.stream().anyMatch(commit -> commit.holding().hasToCommit());
        logger.log(
                news ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG,
                "Committing " + offsets(commits) + " before the partitions go failed: " + error
                        + ". What was handled since the last commit will be delivered again.");
    }

    private static List<Holding.Commit> due(Collection<Holding> candidates) {
        List<Holding.Commit> commits = new ArrayList<>();
        for (Holding holding : candidates) {
            if (holding.hasToCommit()) {
                commits.add(holding.toCommit());
            }
        }
        return commits;
    }

    private void commitAsync(List<Holding.Commit> commits, long now) {
        if (commits.isEmpty()) {
            // What failed went with its partitions, or was committed synchronously.
            failing = null;
            return;
        }
        UnderWay own = new UnderWay(commits, now);
        underWay = own;
        try {
            consumer.commitAsync(offsets(commits), (offsets, error) -> {
                // Else it was given up, and another one may be under way.
                if (own.equals(underWay)) {
                    answered(commits, error);
                }
            });
        } catch (RuntimeException e) {
            // By group.protocol=consumer the driver waits in here, and nobody calls back once that was given up.
            answered(commits, e);
            throw e;
        }
    }

    private void giveUpIfLost(long now) {
        UnderWay commit = underWay;
        if (commit != null && now - commit.since() >= LOST_NANOS) {
            answered(commit.commits(), new TimeoutException("no answer within " + Duration.ofNanos(LOST_NANOS)));
            failingSince = commit.since();
        }
    }

    private void answered(List<Holding.Commit> commits, @Nullable Exception error) {
        underWay = null;
        if (error == null) {
            failing = null;
            commits.forEach(this::taken);
            awaited.settle();
        } else if (ConsumeFailures.refused(error)) {
            fatal = error;
        } else {
            failingSince = failing == null && last != null ? last : failingSince;
            failing = error;
            // Retried with the next interval for what is still held; partitions that are gone are not in there then.
            logger.log(System.Logger.Level.DEBUG, "Committing " + offsets(commits) + " failed: " + error);
        }
    }

    /** That commits fail for longer than a rebalance lasts, null when they do not. */
    @Nullable String impediment(long now) {
        long lasting = now - failingSince;
        return failing == null || lasting < FAILING_NANOS
                ? null
                : "its commits have been failing for "
                        + Duration.ofNanos(lasting).toSeconds() + " s ("
                        + failing.getClass().getSimpleName() + ")";
    }

    private void taken(Holding.Commit commit) {
        if (commit.taken() && holdings.holds(commit.holding())) {
            taken.accept(commit.holding().assignment(), commit.upTo());
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(List<Holding.Commit> commits) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
        commits.forEach(commit -> offsets.put(commit.holding().partition(), commit.offset()));
        return offsets;
    }
}
