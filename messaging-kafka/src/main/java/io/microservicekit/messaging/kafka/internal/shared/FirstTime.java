package io.microservicekit.messaging.kafka.internal.shared;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** When something happened first. */
public final class FirstTime {
    private final AtomicReference<@Nullable Long> at = new AtomicReference<>();

    /** Not yet. */
    public FirstTime() {}

    /** It happens; only the first one counts. */
    public void happens(long nanos) {
        at.compareAndSet(null, nanos);
    }

    /** Whether it has not happened, or so long ago that nothing comes of it any more. */
    public boolean isNeverOrOver(long nanos, Duration after) {
        Long first = at.get();
        return first == null || nanos - first > after.toNanos();
    }
}
