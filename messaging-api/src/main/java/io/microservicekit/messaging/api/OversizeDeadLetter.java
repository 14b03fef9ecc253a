package io.microservicekit.messaging.api;

/** What becomes of a dead letter that is too large for its destination even with the library's headers cut to the five of the format. */
public enum OversizeDeadLetter {
    /** Its lane is paused with the reason in the health; the source stays un-acknowledged. Nothing is lost. The default. */
    PAUSE,
    /**
     * A pointer is written instead: the five headers, the key, and no value. The source is acknowledged; its value can be read at the original
     * position as long as the broker keeps it there.
     */
    POINTER
}
