package io.microservicekit.messaging.core.internal.engine;

/** How many messages are finished after a stop began. */
final class Tally {
    private boolean stopping;
    private long drained;

    Tally copy() {
        Tally copy = new Tally();
        copy.stopping = stopping;
        copy.drained = drained;
        return copy;
    }

    void stop() {
        stopping = true;
    }

    void finished(int messages) {
        drained += stopping ? messages : 0;
    }

    long drained() {
        return drained;
    }
}
