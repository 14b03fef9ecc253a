package io.microservicekit.messaging.kafka.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Commits and waits for it, within a limit that one topic does not use up for all others: of a topic that was deleted the driver asks again until the
 * limit is over, and says then what it says when nobody answers. On the poll thread.
 */
final class SyncCommits {
    private final OffsetCommits.Parts parts;
    private final TroubledTopics troubled;
    private final Consumer<List<Holding.Commit>> taken;

    /** Tells what the broker took. */
    SyncCommits(OffsetCommits.Parts parts, TroubledTopics troubled, Consumer<List<Holding.Commit>> taken) {
        this.parts = parts;
        this.troubled = troubled;
        this.taken = taken;
    }

    /** What is acknowledged and not committed. */
    void commitDue(Collection<Holding> holdings, Duration limit) {
        boolean unused = commit(OffsetCommits.due(holdings), until(limit));
    }

    /**
     * Commits what is acknowledged of some holdings before they go; where nothing is, the position once more, so that whoever comes next finds which
     * topic the group was reading, also when the commits went with a topic that was deleted.
     */
    void commitBeforeGoing(Collection<Holding> going, Duration limit) {
        List<Holding.Commit> repeated = repeated(going);
        long until = until(limit);
        if (commit(OffsetCommits.due(going), until)) {
            boolean unused = commit(repeated, until(shorter(remaining(until))));
        }
    }

    /**
     * The same for all that is held, unless the group is between two assignments: then it takes no commit, and the driver has to take part until it has
     * the next one. False when something is left to commit for that reason.
     */
    boolean commitUnlessMoving(Duration limit) {
        Collection<Holding> all = parts.holdings().all();
        List<Holding.Commit> repeated = repeated(all);
        long until = until(limit);
        try {
            if (commitApart(OffsetCommits.due(all), until)) {
                boolean unused = commitApart(repeated, until(shorter(remaining(until))));
            }
        } catch (RebalanceInProgressException e) {
            return OffsetCommits.due(all).isEmpty();
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

    private long until(Duration limit) {
        return parts.nanoTime().getAsLong() + Nanos.of(limit);
    }

    private Duration remaining(long until) {
        return Duration.ofNanos(Math.max(0, until - parts.nanoTime().getAsLong()));
    }

    /** What may well be in vain gets no more than a question. */
    private static Duration shorter(Duration left) {
        return left.compareTo(DriverCalls.QUESTION) > 0 ? DriverCalls.QUESTION : left;
    }

    /** Whether all were taken, as far as topics without trouble are concerned. A failure costs duplicates, nothing else. */
    private boolean commit(List<Holding.Commit> commits, long until) {
        try {
            return commitApart(commits, until);
        } catch (RebalanceInProgressException e) {
            tell(commits, e);
            return false;
        }
    }

    /** Throws only that the group is between two assignments. */
    private boolean commitApart(List<Holding.Commit> commits, long until) {
        boolean all = true;
        List<List<Holding.Commit>> groups = troubled.groups(commits);
        int left = groups.size();
        for (List<Holding.Commit> group : groups) {
            boolean alone = troubled.isAlone(group);
            Duration share = alone ? remaining(until).dividedBy(left) : share(commits, remaining(until));
            all &= commitGroup(group, until, alone ? shorter(share) : share) || alone;
            left--;
        }
        return all;
    }

    /**
     * How long topics together may take: half of it where one of them may be in the way, else nearly all, since a broker that is slow would be as slow
     * with each of them.
     */
    private Duration share(List<Holding.Commit> commits, Duration left) {
        Duration half = left.dividedBy(2);
        if (TroubledTopics.topics(commits).size() == 1) {
            return left;
        }
        boolean evidence =
                troubled.groups(commits).size() > 1 || commits.stream().anyMatch(parts.doubtful());
        return evidence ? half : left.minus(shorter(half));
    }

    /** In a part of the time that is left, so that the others have the rest should one topic be in the way. */
    private boolean commitGroup(List<Holding.Commit> commits, long until, Duration share) {
        try {
            take(commits, share);
            return true;
        } catch (RebalanceInProgressException e) {
            throw e;
        } catch (KafkaException e) {
            return commitOtherwise(commits, until, e);
        }
    }

    private boolean commitOtherwise(List<Holding.Commit> commits, long until, KafkaException error) {
        if (troubled.separates(commits, error)) {
            return commitApart(commits, until);
        }
        if (error instanceof TimeoutException && TroubledTopics.topics(commits).size() > 1) {
            return commitEach(commits, until);
        }
        tell(commits, error);
        return false;
    }

    private void take(List<Holding.Commit> commits, Duration limit) {
        parts.driver().commitSync(OffsetCommits.offsets(commits), limit);
        taken.accept(commits);
    }

    /**
     * Each topic on its own, twice: when it was not a topic but the brokers, those that are asked first have not waited for nothing. Where some are
     * taken, which is true then, the others are in trouble: they have no more than a question for the second time.
     */
    private boolean commitEach(List<Holding.Commit> commits, long until) {
        List<List<Holding.Commit>> topics = TroubledTopics.byTopic(commits);
        List<List<Holding.Commit>> again = untaken(topics, until, 2);
        boolean answered = again.size() < topics.size();
        List<List<Holding.Commit>> left = untaken(again, answered ? until(shorter(remaining(until))) : until, 1);
        boolean some = left.size() < topics.size();
        if (some) {
            left.forEach(troubled::suspect);
        }
        return some;
    }

    /** Those that were not taken when each had its share of the time; told at the last of several turns. */
    private List<List<Holding.Commit>> untaken(List<List<Holding.Commit>> topics, long until, int turns) {
        List<List<Holding.Commit>> untaken = new ArrayList<>();
        int left = topics.size();
        for (List<Holding.Commit> topic : topics) {
            if (!isTaken(topic, remaining(until).dividedBy((long) turns * left), turns == 1)) {
                untaken.add(topic);
            }
            left--;
        }
        return untaken;
    }

    private boolean isTaken(List<Holding.Commit> commits, Duration limit, boolean last) {
        try {
            take(commits, limit);
            return true;
        } catch (RebalanceInProgressException e) {
            throw e;
        } catch (KafkaException e) {
            if (last) {
                tell(commits, e);
            }
            return false;
        }
    }

    private void tell(List<Holding.Commit> commits, KafkaException error) {
        List<Holding.Commit> lost = new ArrayList<>(commits);
        lost.removeIf(commit -> !commit.holding().hasToCommit());
        parts.logger()
                .log(
                        lost.isEmpty() ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                        "Committing " + OffsetCommits.offsets(lost.isEmpty() ? commits : lost)
                                + " before the partitions go failed: " + error
                                + ". What was handled since the last commit will be delivered again.");
    }
}
