package io.microservicekit.messaging.rabbitmq.internal.shared;

import org.jspecify.annotations.Nullable;

/** A text that one thread sets and others show. */
public final class ShownText {
    private volatile @Nullable String text;

    /** With a first text. */
    public ShownText(@Nullable String text) {
        this.text = text;
    }

    public @Nullable String text() {
        return text;
    }

    public void show(@Nullable String text) {
        this.text = text;
    }
}
