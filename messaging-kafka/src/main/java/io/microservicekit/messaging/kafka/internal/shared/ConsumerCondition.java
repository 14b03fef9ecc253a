package io.microservicekit.messaging.kafka.internal.shared;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the poll thread says of itself in each of its turns, for health checks on another thread. */
public final class ConsumerCondition {
    /** Longer than the longest orderly turn: a rebalance with a drain and a commit. */
    private static final Duration LONGEST_TURN = Duration.ofSeconds(15);

    private record Turn(long nanos, @Nullable String impediment) {}

    private final long longestCall;
    private volatile Turn last;
    private volatile long called;
    private volatile long unacknowledged;

    /** A poll thread that is about to be started, and how long the driver may keep it. */
    public ConsumerCondition(long now, Duration maxPollInterval) {
        this.longestCall = Math.max(maxPollInterval.toNanos(), LONGEST_TURN.toNanos());
        this.last = new Turn(now, "its poll thread has just been started");
        this.called = now;
    }

    /** A turn begins; by the poll thread. */
    public void turn(long now, @Nullable String impediment) {
        last = new Turn(now, impediment);
        called = now;
    }

    /** The driver is about to be called, or has just called back; by the poll thread. */
    public void calls(long now) {
        called = now;
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

    /** That the driver has not let go of the poll thread for longer than any call may take, null when it has. */
    public @Nullable String hang(long now) {
        long lasting = now - called;
        return lasting > longestCall
                ? "its poll thread has been inside one call of the driver for "
                        + Duration.ofNanos(lasting).toSeconds()
                        + " s, longer than max.poll.interval.ms lets it; only a new process helps"
                : null;
    }
}
