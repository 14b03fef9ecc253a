package io.microservicekit.messaging.api;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where a group that has never committed begins to read. After that nothing is skipped, whatever this says. Immutable. */
public final class StartPosition {
    /** At the end: only what is sent after the subscription is ready. The default. */
    public static final StartPosition NEWEST = new StartPosition("NEWEST", null);
    /** At the beginning of what the broker still has; needs {@link Capability#REPLAY}. */
    public static final StartPosition EARLIEST = new StartPosition("EARLIEST", null);

    private final String name;
    private final @Nullable Instant time;

    private StartPosition(String name, @Nullable Instant time) {
        this.name = name;
        this.time = time;
    }

    /**
     * At the first message whose timestamp is at or after a time; at the end when there is none. Needs {@link Capability#REPLAY}.
     *
     * @param time the time, to the millisecond; one that is too far for milliseconds stands for the nearest that is not
     * @return the position
     */
    public static StartPosition at(Instant time) {
        Objects.requireNonNull(time, "time");
        Instant first = Instant.ofEpochMilli(Long.MIN_VALUE);
        Instant last = Instant.ofEpochMilli(Long.MAX_VALUE);
        return new StartPosition("AT", time.isBefore(first) ? first : time.isAfter(last) ? last : time);
    }

    /**
     * The time of {@link #at}.
     *
     * @return the time, null for the other positions
     */
    public @Nullable Instant time() {
        return time;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StartPosition that && name.equals(that.name) && Objects.equals(time, that.time);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, time);
    }

    /** {@code NEWEST}, {@code EARLIEST} or {@code AT} and the time. */
    @Override
    public String toString() {
        return time == null ? name : name + " " + time;
    }
}
