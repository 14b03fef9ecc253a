package io.microservicekit.messaging.testkit;

/** Something the scheduler can pick: the head of a loop, or a handler that may go on. */
interface Source {
    /** Its name in the event log, the same in each run of a seed. */
    String name();

    /** Takes one step, on the driving thread, without the lock of the world. */
    void step();
}
