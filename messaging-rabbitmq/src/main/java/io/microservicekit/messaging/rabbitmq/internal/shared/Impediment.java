package io.microservicekit.messaging.rabbitmq.internal.shared;

import org.jspecify.annotations.Nullable;

/** Why a consumer takes no part, or a producer gets nothing to the broker, at present: said on the loop of its connection, read by health checks. Thread-safe. */
public final class Impediment {
    private volatile @Nullable String text;

    /** With what is true in the beginning. */
    public Impediment(@Nullable String text) {
        this.text = text;
    }

    /** Says why, as the middle of a sentence; null that all is well. */
    public void say(@Nullable String text) {
        this.text = text;
    }

    /** What was said last. */
    public @Nullable String text() {
        return text;
    }
}
