package io.microservicekit.messaging.kafka.internal;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The topics whose commits fail, each since when and with what at last: one that is committed says nothing of another. On the poll thread. */
final class FailingCommits {
    /** Longer than a rebalance lasts. */
    private static final long TOLD_NANOS = Duration.ofSeconds(5).toNanos();

    private final Map<String, Failing> topics = new TreeMap<>();

    private record Failing(Exception error, long since) {}

    /** A commit of topics failed, which began at a time. */
    void failed(Collection<String> failed, Exception error, long since) {
        failed.forEach(topic ->
                topics.merge(topic, new Failing(error, since), (before, now) -> new Failing(error, before.since())));
    }

    /** The broker took a commit of topics. */
    void taken(Collection<String> taken) {
        topics.keySet().removeAll(taken);
    }

    /** There is something to commit of these topics only: of all others it is gone, or was committed otherwise. */
    void retain(Collection<String> due) {
        topics.keySet().retainAll(due);
    }

    /** That commits have been failing for longer than a rebalance lasts, null when they have not. */
    @Nullable String impediment(long now) {
        Map<String, Failing> lasting = new TreeMap<>(topics);
        lasting.values().removeIf(each -> now - each.since() < TOLD_NANOS);
        return lasting.isEmpty() ? null : text(lasting, now);
    }

    private static String text(Map<String, Failing> lasting, long now) {
        long longest = 0;
        Set<String> errors = new TreeSet<>();
        for (Failing each : lasting.values()) {
            longest = Math.max(longest, now - each.since());
            errors.add(each.error().getClass().getSimpleName());
        }
        return "its commits of " + lasting.keySet() + " have been failing for "
                + Duration.ofNanos(longest).toSeconds() + " s (" + String.join(", ", errors) + ")";
    }
}
