package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.spi.Assignment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Commits what the engine acknowledged: by interval or number while running, synchronously when partitions go. Only partitions that are held, never
 * a lower position than committed, one asynchronous commit of a partition at a time. On the poll thread.
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
    private final TroubledTopics troubled = new TroubledTopics();
    private final List<UnderWay> underWay = new ArrayList<>();
    private @Nullable Failing failing;
    private @Nullable RuntimeException fatal;
    private boolean told;
    private boolean again;

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

    /** The last failure, the topics that it was of, and since when they have been failing. */
    private record Failing(Exception error, Set<String> topics, long since) {
        boolean isOf(List<Holding.Commit> commits) {
            return commits.stream().anyMatch(commit -> topics.contains(commit.topic()));
        }
    }

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
            forgetFailureUnlessOf(due);
            troubled.groups(due).forEach(group -> commitAsync(group, now));
        }
    }

    private boolean isDue(long now) {
        boolean intervalOver = last == null || now - last >= INTERVAL_NANOS;
        return awaited.takeAsked() || again || intervalOver || holdings.uncommitted() >= threshold;
    }

    /** What failed is gone, or was committed otherwise. */
    private void forgetFailureUnlessOf(List<Holding.Commit> due) {
        if (failing != null && !failing.isOf(due)) {
            failing = null;
        }
    }

    /**
     * Commits what is acknowledged of some holdings before they go; where nothing is, the position once more, so that whoever comes next finds which
     * topic the group was reading, also when the commits went with a topic that was deleted.
     */
    void commitBeforeGoing(Collection<Holding> going, Duration limit) {
        List<Holding.Commit> repeated = repeated(going);
        if (commitSync(due(going), limit)) {
            commitSync(repeated, shorter(limit));
        }
    }

    /**
     * The same for all that is held, unless the group is between two assignments: then it takes no commit, and the driver has to take part until it has
     * the next one. False when something is left to commit for that reason.
     */
    boolean commitUnlessMoving(Duration limit) {
        Collection<Holding> all = holdings.all();
        List<Holding.Commit> repeated = repeated(all);
        try {
            if (commitApart(due(all), limit)) {
                commitApart(repeated, shorter(limit));
            }
        } catch (RebalanceInProgressException e) {
            return due(all).isEmpty();
        }
        return true;
    }

    private static List<Holding.Commit> repeated(Collection<Holding> going) {
        List<Holding.Commit> commits = new ArrayList<>();
        for (Holding holding : going) {
            if (!holding.hasToCommit()) {
                commits.add(holding.toCommit());
            }
        }
        return commits;
    }

    private static Duration shorter(Duration limit) {
        return limit.compareTo(DriverCalls.QUESTION) > 0 ? DriverCalls.QUESTION : limit;
    }

    /** Whether all were taken, as far as topics without trouble are concerned. A failure costs duplicates, nothing else. */
    private boolean commitSync(List<Holding.Commit> commits, Duration limit) {
        try {
            return commitApart(commits, limit);
        } catch (RebalanceInProgressException e) {
            tell(commits, e);
            return false;
        }
    }

    /** Throws only that the group is between two assignments. */
    private boolean commitApart(List<Holding.Commit> commits, Duration limit) {
        boolean taken = true;
        List<List<Holding.Commit>> groups = troubled.groups(commits);
        for (List<Holding.Commit> group : groups) {
            boolean alone = troubled.isAlone(group);
            Duration own = alone ? limit.dividedBy(groups.size()) : limit;
            taken &= commit(group, own, limit) || alone;
        }
        return taken;
    }

    /** When it fails because of one of several topics each is committed on its own: these have the other limit together. */
    private boolean commit(List<Holding.Commit> commits, Duration limit, Duration again) {
        try {
            driver.commitSync(offsets(commits), limit);
            taken(commits);
            return true;
        } catch (RebalanceInProgressException e) {
            throw e;
        } catch (KafkaException e) {
            if (troubled.separates(commits, e)) {
                return commitApart(commits, again);
            }
            tell(commits, e);
            return false;
        }
    }

    private void taken(List<Holding.Commit> commits) {
        troubled.taken(commits);
        commits.forEach(this::taken);
        awaited.settle();
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
            if (now - commit.since() >= LOST_NANOS) {
                underWay.remove(commit);
                answered(commit, new TimeoutException("no answer within " + Duration.ofNanos(LOST_NANOS)));
            }
        }
    }

    private void answered(UnderWay commit, @Nullable Exception error) {
        List<Holding.Commit> commits = commit.commits();
        if (error == null) {
            forgetFailureOf(commits);
            taken(commits);
            return;
        }
        boolean separated = troubled.separates(commits, error);
        again |= separated;
        if (!separated && ConsumeFailures.refused(error)) {
            refused(error);
        } else if (failing == null || !failing.isOf(commits)) {
            failing = new Failing(error, TroubledTopics.topics(commits), commit.since());
        }
        // Retried with the next interval for what is still held; partitions that are gone are not in there then.
        logger.log(System.Logger.Level.DEBUG, "Committing " + offsets(commits) + " failed: " + error);
    }

    private void forgetFailureOf(List<Holding.Commit> commits) {
        if (failing != null && failing.isOf(commits)) {
            failing = null;
        }
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
        Failing seen = failing;
        return seen == null || now - seen.since() < FAILING_NANOS
                ? null
                : "its commits of " + seen.topics() + " have been failing for "
                        + Duration.ofNanos(now - seen.since()).toSeconds() + " s ("
                        + seen.error().getClass().getSimpleName() + ")";
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
