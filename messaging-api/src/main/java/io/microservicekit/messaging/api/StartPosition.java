package io.microservicekit.messaging.api;

/** Where a group that has never committed begins to read. After that nothing is skipped, whatever this says. */
public enum StartPosition {
    /** At the end: only what is sent after the subscription is ready. The default. */
    NEWEST,
    /** At the beginning of what the broker still has; needs {@link Capability#REPLAY}. */
    EARLIEST
}
