package io.microservicekit.messaging.testkit;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** A real thread for handler tasks. It runs only while it holds the baton. */
final class HandlerThread extends Thread {
    final Semaphore go = new Semaphore(0);
    private final World world;
    private final SimulatedHandlers pool;
    private volatile @Nullable HandlerTask task;

    HandlerThread(World world, SimulatedHandlers pool, String name) {
        super(name);
        this.world = world;
        this.pool = pool;
        setDaemon(true);
    }

    boolean isOf(World other) {
        return world == other;
    }

    boolean hasEnded() {
        return pool.hasEnded();
    }

    @Nullable HandlerTask task() {
        return task;
    }

    void assign(HandlerTask next) {
        task = next;
    }

    /** Lets an idle thread end. */
    void retire() {
        task = null;
        go.release();
    }

    @Override
    public void run() {
        go.acquireUninterruptibly();
        for (HandlerTask current = task; current != null; current = task) {
            current.run();
            Thread.interrupted();
            boolean more = pool.finished(this, current);
            world.baton.giveBack();
            if (!more) {
                return;
            }
            go.acquireUninterruptibly();
        }
    }

    /** Also ends a wait through the runtime, which blocks in a way that an interrupt alone does not end. */
    @Override
    public void interrupt() {
        super.interrupt();
        HandlerTask current = task;
        if (current != null) {
            world.locked(current::wake);
        }
    }
}
