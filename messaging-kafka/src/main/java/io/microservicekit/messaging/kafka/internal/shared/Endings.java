package io.microservicekit.messaging.kafka.internal.shared;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Outcomes that are decided and not told yet. Each is told once, by whoever comes: continuations of the user's run then, and one that hangs must not keep
 * the outcomes behind it from being told by another thread.
 */
public final class Endings {
    private final Queue<Runnable> untold = new ConcurrentLinkedQueue<>();

    /** Nothing to tell. */
    public Endings() {}

    /** An outcome to be told. */
    public void add(Runnable telling) {
        untold.add(telling);
    }

    /** Tells one after the other until none is left. */
    public void tellAll() {
        for (Runnable next = untold.poll(); next != null; next = untold.poll()) {
            next.run();
        }
    }

    /** Whether each has been told, or is being told. */
    public boolean isEmpty() {
        return untold.isEmpty();
    }
}
