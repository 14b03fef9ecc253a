package io.microservicekit.messaging.core.internal.shared;

import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;

/** Makes ids of traces and spans from one stream of randomness, for all threads that send and handle. */
public final class TraceIds {
    private final ReentrantLock lock = new ReentrantLock();
    private final SplittableRandom random;

    /** From a stream that nobody else uses. */
    public TraceIds(SplittableRandom random) {
        this.random = random;
    }

    /** 32 lower-case hexadecimal digits, not all of them zeros. */
    public String trace() {
        return span() + span();
    }

    /** 16 lower-case hexadecimal digits, not all of them zeros. */
    public String span() {
        return HexFormat.of().toHexDigits(next());
    }

    private long next() {
        lock.lock();
        try {
            long id = random.nextLong();
            return id == 0 ? 1 : id;
        } finally {
            lock.unlock();
        }
    }
}
