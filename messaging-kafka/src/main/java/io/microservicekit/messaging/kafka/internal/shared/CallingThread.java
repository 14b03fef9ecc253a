package io.microservicekit.messaging.kafka.internal.shared;

import org.jspecify.annotations.Nullable;

/** The one thread on which a driver calls back: known once it has. */
public final class CallingThread {
    private volatile @Nullable Thread seen;

    /** Not known yet. */
    public CallingThread() {}

    /** The driver calls back on this thread. */
    public void isThis() {
        if (seen == null) {
            seen = Thread.currentThread();
        }
    }

    /** Whether it has ended, so that no other call will come; false as long as it is not known. */
    public boolean hasEnded() {
        Thread thread = seen;
        return thread != null && !thread.isAlive();
    }
}
