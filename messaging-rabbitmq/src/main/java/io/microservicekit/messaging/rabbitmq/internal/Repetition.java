package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Counts how often the same has ended a connection or channel, to tell an endless repetition from bad luck. */
final class Repetition {
    /** What lies further apart is not the same trouble: longer than the longest wait between two attempts. */
    private static final long APART = Duration.ofSeconds(60).toNanos();

    static final int DECIDED = 3;

    /** About three minutes: a queue whose leader is being elected says the same for as long as that takes. */
    private static final int UNDECIDED = 20;

    /** About a minute: memory may have been short for another reason than what was being read. */
    private static final int OVERTAXED = 10;

    private @Nullable String last;
    private long lastNanos;
    private int count;

    /** One more; whether it has become endless. */
    boolean isEndless(Closure closure, long now) {
        int most = patience(closure);
        String words = words(closure);
        boolean again = words.equals(last) && now - lastNanos < APART;
        count = again ? count + 1 : 1;
        last = words;
        lastNanos = now;
        return count >= most;
    }

    void reset() {
        last = null;
        count = 0;
    }

    /** Networks and operators end connections as often as they like; what the broker or driver refuses it refuses again, and what this process cannot take comes again. */
    private static int patience(Closure closure) {
        return switch (closure.kind()) {
            case OURSELVES, CREDENTIALS, NETWORK -> Integer.MAX_VALUE;
            case PROCESS, OVERTAXED -> OVERTAXED;
            case DRIVER, RECEIVED -> DECIDED;
            case BROKER ->
                switch (closure.code()) {
                    case ReplyCodes.CONNECTION_FORCED -> Integer.MAX_VALUE;
                    case ReplyCodes.NOT_ALLOWED -> ConnectFailures.isOfLimit(closure) ? Integer.MAX_VALUE : DECIDED;
                    case ReplyCodes.RESOURCE_ERROR, ReplyCodes.INTERNAL_ERROR -> UNDECIDED;
                    default -> DECIDED;
                };
        };
    }

    /** Whether it says nothing, however often it comes. */
    static boolean saysNothing(Closure closure) {
        return patience(closure) == Integer.MAX_VALUE;
    }

    /** Whether the same may be said for a while and then no longer. */
    static boolean isUndecided(Closure closure) {
        return patience(closure) == UNDECIDED;
    }

    /** Whether both are the same trouble. */
    static boolean isSame(Closure one, Closure other) {
        return words(one).equals(words(other));
    }

    /** Without numbers: tags and channels differ from time to time. */
    private static String words(Closure closure) {
        return closure.kind() + " " + closure.code() + " " + closure.text().replaceAll("[0-9]+", "#");
    }
}
