package io.microservicekit.messaging.kafka.internal.shared;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** Calls that somebody waits for, and how each is ended when all are to end. */
public final class RunningCalls {
    private final Map<Long, Runnable> endings = new ConcurrentSkipListMap<>();
    private final AtomicLong lastNumber = new AtomicLong();
    private volatile boolean closed;

    /** None runs. */
    public RunningCalls() {}

    /** One runs, by a number; it is ended here when all were ended before. What ends it may be run twice. */
    public long begins(Runnable ending) {
        long number = lastNumber.incrementAndGet();
        endings.put(number, ending);
        if (closed) {
            ending.run();
        }
        return number;
    }

    /** It has come to its end. */
    public void ends(long number) {
        endings.remove(number);
    }

    /** Ends all, also those that begin later. */
    public void close() {
        closed = true;
        endings.values().forEach(Runnable::run);
    }
}
