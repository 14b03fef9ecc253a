package io.microservicekit.messaging.core.internal.shared;

/** The counts since the last reset. A reset replaces them as a whole, so that a snapshot never sees half of one. */
public final class CurrentCounts {
    private volatile MessageCounts counts = new MessageCounts();

    /** Counts at zero. */
    public CurrentCounts() {}

    public MessageCounts get() {
        return counts;
    }

    public void reset() {
        counts = new MessageCounts();
    }
}
