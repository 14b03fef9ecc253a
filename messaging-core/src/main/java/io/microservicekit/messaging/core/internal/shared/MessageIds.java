package io.microservicekit.messaging.core.internal.shared;

import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;

/** Random ids. The first half is that of the producer: so two producers make an equal one only when these are equal. */
public final class MessageIds {
    private final ReentrantLock lock = new ReentrantLock();
    private final SplittableRandom random;
    private final String prefix;

    /** Takes over a source of randomness, which nobody else may use. */
    public MessageIds(SplittableRandom random) {
        this.random = random;
        this.prefix = HexFormat.of().toHexDigits(random.nextLong());
    }

    /** A new one, of 32 lower-case hex digits. */
    public String next() {
        return prefix + HexFormat.of().toHexDigits(nextLong());
    }

    private long nextLong() {
        lock.lock();
        try {
            return random.nextLong();
        } finally {
            lock.unlock();
        }
    }
}
