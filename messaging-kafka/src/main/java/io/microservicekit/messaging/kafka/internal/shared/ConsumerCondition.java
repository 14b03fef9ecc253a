package io.microservicekit.messaging.kafka.internal.shared;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the poll thread says of itself in each of its turns, for health checks on another thread. */
public final class ConsumerCondition {
    /** Longer than the longest orderly turn: a rebalance with a drain and a commit. */
    private static final Duration LONGEST_TURN = Duration.ofSeconds(15);

    private record Turn(long nanos, @Nullable String impediment) {}

    private volatile Turn last;
    private volatile long unacknowledged;

    /** A poll thread that is about to be started. */
    public ConsumerCondition(long now) {
        this.last = new Turn(now, "its poll thread has just been started");
    }

    /** A turn begins; by the poll thread. */
    public void turn(long now, @Nullable String impediment) {
        last = new Turn(now, impediment);
    }

    /** How many acknowledged offsets the broker has not taken; by the poll thread. */
    public void unacknowledged(long offsets) {
        unacknowledged = offsets;
    }

    /** How many these were when the poll thread said so last. */
    public long unacknowledged() {
        return unacknowledged;
    }

    /** What keeps the consumer from taking part, null when nothing does. */
    public @Nullable String impediment(long now) {
        Turn seen = last;
        long lasting = now - seen.nanos();
        return lasting > LONGEST_TURN.toNanos()
                ? "its poll thread has been busy with one turn for "
                        + Duration.ofNanos(lasting).toSeconds() + " s"
                : seen.impediment();
    }
}
