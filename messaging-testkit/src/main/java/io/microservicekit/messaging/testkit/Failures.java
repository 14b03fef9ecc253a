package io.microservicekit.messaging.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What tasks threw, kept until a driving call can throw it at the test. */
final class Failures {
    private final ReentrantLock lock;
    private final List<AssertionError> collected = new ArrayList<>();

    Failures(ReentrantLock lock) {
        this.lock = lock;
    }

    void add(String source, Throwable thrown) {
        lock.lock();
        try {
            collected.add(new AssertionError("A task of " + source + " threw " + thrown + "; see the cause", thrown));
        } finally {
            lock.unlock();
        }
    }

    /** Throws what was collected, with how the call itself failed as suppressed; nothing when there is none. */
    void throwCollected(@Nullable Throwable outcome) {
        List<AssertionError> taken = take();
        if (taken.isEmpty()) {
            return;
        }
        AssertionError first = taken.get(0);
        taken.stream().skip(1).forEach(first::addSuppressed);
        if (outcome != null) {
            first.addSuppressed(outcome);
        }
        throw first;
    }

    private List<AssertionError> take() {
        lock.lock();
        try {
            List<AssertionError> taken = new ArrayList<>(collected);
            collected.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }
}
