package io.microservicekit.messaging.core.internal.shared;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What an event loop and its handler threads share: work that each thread takes piece by piece, so that a slow piece keeps no other waiting, and what
 * they give back, which the loop collects together. A hand-over costs a thread or a turn of the loop only when there was none under way.
 *
 * @param <W> a piece of work, which carries its own result
 */
public final class WorkQueue<W> {
    private final ConcurrentLinkedQueue<W> waiting = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<W> done = new ConcurrentLinkedQueue<>();
    private final AtomicInteger workers = new AtomicInteger();
    private final AtomicBoolean announced = new AtomicBoolean();
    private final int most;

    /** An empty queue for at most so many workers at once. */
    public WorkQueue(int most) {
        this.most = most;
    }

    /** Adds a piece; when true the caller has to start one more worker, that takes until there is nothing left. */
    public boolean add(W piece) {
        waiting.add(piece);
        return hire();
    }

    private boolean hire() {
        for (int now = workers.get(); now < most; now = workers.get()) {
            if (workers.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    /** The next piece for a worker; with null it is dismissed and must end. */
    public @Nullable W take() {
        W next = waiting.poll();
        while (next == null) {
            workers.decrementAndGet();
            if (waiting.isEmpty() || !hire()) {
                return null;
            }
            next = waiting.poll();
        }
        return next;
    }

    /** Gives a piece back; when true the caller has to have the loop collect. */
    public boolean give(W piece) {
        done.add(piece);
        return announced.compareAndSet(false, true);
    }

    /** What was given back, in that order; on the loop. */
    public List<W> collect() {
        announced.set(false);
        List<W> pieces = new ArrayList<>();
        for (W piece = done.poll(); piece != null; piece = done.poll()) {
            pieces.add(piece);
        }
        return pieces;
    }
}
