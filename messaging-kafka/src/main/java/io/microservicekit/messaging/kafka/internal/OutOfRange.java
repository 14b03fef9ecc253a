package io.microservicekit.messaging.kafka.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Partitions that wanted an offset which the broker does not have. Each is set right alone, and after a pause when that failed, so that one without a
 * leader keeps no other waiting. On the poll thread.
 */
final class OutOfRange {
    private static final long FAILING_NANOS = Duration.ofSeconds(5).toNanos();

    private final Holdings holdings;
    private final Map<TopicPartition, Wanted> all = new LinkedHashMap<>();

    OutOfRange(Holdings holdings) {
        this.holdings = holdings;
    }

    /** What a holding wanted: another holding of its partition begins where it is pinned. */
    record Wanted(Holding holding, long from, long since, long notBefore) {
        TopicPartition partition() {
            return holding.partition();
        }
    }

    /** The driver says it again with each fetch. */
    void add(Map<TopicPartition, Long> wanted, long now) {
        dropGone();
        for (Holding holding : holdings.of(wanted.keySet())) {
            Long from = wanted.get(holding.partition());
            if (from != null) {
                all.putIfAbsent(holding.partition(), new Wanted(holding, from, now, now));
            }
        }
    }

    /** The next to set right, null when none is due. */
    @Nullable Wanted next(long now) {
        dropGone();
        return all.values().stream()
                .filter(wanted -> now - wanted.notBefore() >= 0)
                .findFirst()
                .orElse(null);
    }

    private void dropGone() {
        all.values().removeIf(wanted -> !holdings.holds(wanted.holding()));
    }

    void done(Wanted wanted) {
        all.remove(wanted.partition());
    }

    /** It could not be set right: again after a pause, behind all others. */
    void failed(Wanted wanted, long now) {
        done(wanted);
        all.put(
                wanted.partition(),
                new Wanted(wanted.holding(), wanted.from(), wanted.since(), now + Unpinned.PAUSE_NANOS));
    }

    /** What has been waiting for longer than a leader is elected, null when nothing has. */
    @Nullable String impediment(long now) {
        dropGone();
        return all.values().stream()
                .filter(wanted -> now - wanted.since() >= FAILING_NANOS)
                .findFirst()
                .map(wanted -> "partition " + wanted.partition() + " wanted offset " + wanted.from()
                        + ", which the broker no longer has, and for "
                        + Duration.ofNanos(now - wanted.since()).toSeconds()
                        + " s nobody has told where it begins, or taken the new position")
                .orElse(null);
    }
}
