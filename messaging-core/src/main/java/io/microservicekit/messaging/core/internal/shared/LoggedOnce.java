package io.microservicekit.messaging.core.internal.shared;

import java.util.concurrent.atomic.AtomicBoolean;

/** True for the first caller only. */
public final class LoggedOnce {
    private final AtomicBoolean logged = new AtomicBoolean();

    /** Not logged yet. */
    public LoggedOnce() {}

    public boolean first() {
        return logged.compareAndSet(false, true);
    }
}
