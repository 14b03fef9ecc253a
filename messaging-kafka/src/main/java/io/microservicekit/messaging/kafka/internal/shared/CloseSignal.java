package io.microservicekit.messaging.kafka.internal.shared;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Whether something is to end, and until when it may take. Flag and deadline are seen together. */
public final class CloseSignal {
    private final AtomicReference<@Nullable Long> deadlineNanos = new AtomicReference<>();

    /** Not given yet. */
    public CloseSignal() {}

    /** Gives the signal, or brings an end that was begun forward; false, and nothing changes, when it was to end by then anyway. */
    public boolean atTheLatest(long deadline) {
        Long before = deadlineNanos.getAndUpdate(known -> isEarlier(deadline, known) ? Long.valueOf(deadline) : known);
        return isEarlier(deadline, before);
    }

    public boolean isGiven() {
        return deadlineNanos.get() != null;
    }

    /** Whether the signal was given and its deadline is not later than now. */
    public boolean isOver(long now) {
        Long deadline = deadlineNanos.get();
        return deadline != null && now - deadline >= 0;
    }

    /** What is left until the deadline, never negative; nothing while the signal was not given. */
    public long remainingNanos(long now) {
        Long deadline = deadlineNanos.get();
        return deadline == null ? 0 : Math.max(0, deadline - now);
    }

    private static boolean isEarlier(long deadline, @Nullable Long known) {
        return known == null || deadline - known < 0;
    }
}
