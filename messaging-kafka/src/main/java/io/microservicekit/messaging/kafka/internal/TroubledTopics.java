package io.microservicekit.messaging.kafka.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Topics that fail the commit of all, because they were deleted or we may not read them any more. The driver does not say which of them it was, and the
 * broker takes the others without our hearing of it: those that may be it are committed alone until the broker takes them. On the poll thread.
 */
final class TroubledTopics {
    private final Set<String> alone = new TreeSet<>();

    /** Commits as they are to be made: those of topics without trouble together and first, the others by topic. */
    List<List<Holding.Commit>> groups(List<Holding.Commit> commits) {
        List<Holding.Commit> together = new ArrayList<>(commits);
        together.removeIf(commit -> alone.contains(commit.topic()));
        List<Holding.Commit> apart = new ArrayList<>(commits);
        apart.removeIf(commit -> !alone.contains(commit.topic()));
        List<List<Holding.Commit>> groups = new ArrayList<>();
        if (!together.isEmpty()) {
            groups.add(together);
        }
        groups.addAll(byTopic(apart));
        return groups;
    }

    /** Those of each topic together. */
    static List<List<Holding.Commit>> byTopic(List<Holding.Commit> commits) {
        Map<String, List<Holding.Commit>> topics = new LinkedHashMap<>();
        commits.forEach(commit -> topics.computeIfAbsent(commit.topic(), first -> new ArrayList<>())
                .add(commit));
        return new ArrayList<>(topics.values());
    }

    /** A commit of one topic was not taken when others were: it is apart from now on. */
    void suspect(List<Holding.Commit> group) {
        alone.addAll(topics(group));
    }

    /** Whether a commit of one of these topics failed before. */
    boolean isAlone(List<Holding.Commit> group) {
        return alone.contains(group.get(0).topic());
    }

    /** A commit failed; true when it did so because of one of several topics, which are apart from now on. */
    boolean separates(List<Holding.Commit> commits, Exception error) {
        Set<String> topics = topics(commits);
        if (!isOfOneTopic(error)) {
            return false;
        }
        alone.addAll(topics);
        return topics.size() > 1;
    }

    /** The broker took a commit. */
    void taken(List<Holding.Commit> commits) {
        alone.removeAll(topics(commits));
    }

    static Set<String> topics(List<Holding.Commit> commits) {
        return commits.stream().map(Holding.Commit::topic).collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isOfOneTopic(Throwable error) {
        Throwable cause = error instanceof RetriableCommitFailedException ? error.getCause() : error;
        return cause instanceof UnknownTopicOrPartitionException
                || cause instanceof UnknownTopicIdException
                || cause instanceof TopicAuthorizationException
                || (cause != null && cause.getClass() == KafkaException.class);
    }
}
