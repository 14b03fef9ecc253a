package io.microservicekit.messaging.kafka.internal.shared;

import java.util.concurrent.atomic.AtomicBoolean;

/** A task that a loop should have and has not, since there was no memory to schedule it: to be made up for by whoever comes by. */
public final class LostTask {
    private final AtomicBoolean lost = new AtomicBoolean();

    /** The loop has it, or will. */
    public LostTask() {}

    /** It could not be scheduled. */
    public void loses() {
        lost.set(true);
    }

    /** Whether it has to be scheduled: true for one caller, who does. Cheap. */
    public boolean isToBeMadeUpFor() {
        return lost.get() && lost.compareAndSet(true, false);
    }
}
