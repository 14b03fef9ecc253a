package io.microservicekit.messaging.kafka.internal.shared;

import java.util.concurrent.atomic.AtomicInteger;

/** Gives each number once, from 1. */
public final class Numbers {
    private final AtomicInteger last = new AtomicInteger();

    /** The first is 1. */
    public Numbers() {}

    public int next() {
        return last.incrementAndGet();
    }
}
