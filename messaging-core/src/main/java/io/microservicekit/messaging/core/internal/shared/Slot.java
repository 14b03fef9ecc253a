package io.microservicekit.messaging.core.internal.shared;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Holds at most one thing at a time. */
public final class Slot<T> {
    private final AtomicReference<@Nullable T> content = new AtomicReference<>();

    /** An empty slot. */
    public Slot() {}

    /** Whether the slot was empty and now holds {@code thing}. */
    public boolean take(T thing) {
        return content.compareAndSet(null, thing);
    }

    /** Empties the slot if it holds {@code thing}. */
    public void free(T thing) {
        content.compareAndSet(thing, null);
    }

    public @Nullable T content() {
        return content.get();
    }
}
