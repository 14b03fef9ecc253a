package io.microservicekit.messaging.api;

/** What a backend can do beyond sending and receiving. Asking for more fails with CAPABILITY_MISSING when the thing is made, never later. */
public enum Capability {
    /** Topics have partitions; equal keys go to one partition. */
    PARTITIONS,
    /** A new group can start reading in the past, see {@link StartPosition#EARLIEST}. */
    REPLAY,
    /** Needs no driver threads and therefore runs in simulated time. */
    SIMULATED_TIME
}
