package io.microservicekit.messaging.testkit;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A task of user code. Its state is guarded by the lock of the world. */
final class HandlerTask implements Source {
    private final World world;
    private final SimulatedHandlers pool;
    private final String name;
    private final Runnable body;
    private State state = State.RUNNABLE;
    private @Nullable HandlerThread thread;
    private @Nullable HandlerWait wait;

    HandlerTask(World world, SimulatedHandlers pool, String name, Runnable body) {
        this.world = world;
        this.pool = pool;
        this.name = name;
        this.body = body;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void step() {
        HandlerThread runner = world.locked(this::begin);
        if (!world.baton.pass(runner.go)) {
            throw StuckHandler.error(name, runner, world.limits.stuckAfter());
        }
    }

    private HandlerThread begin() {
        state = State.RUNNING;
        HandlerThread runner = thread == null ? pool.thread(this) : thread;
        thread = runner;
        return runner;
    }

    /** On its thread. */
    void run() {
        try {
            body.run();
        } catch (Throwable e) {
            if (!pool.isClosed()) {
                world.failures.add(name, e);
            }
        }
    }

    /** On its thread: gives the baton away until the future is done or the limit has passed. */
    void await(CompletableFuture<?> future, Duration limit) throws InterruptedException, TimeoutException {
        long deadline = world.after(limit);
        do {
            if (Thread.interrupted() || pool.hasEnded()) {
                throw new InterruptedException("The wait of " + name + " was interrupted");
            }
            HandlerWait current = world.locked(() -> beginWait(deadline));
            var unused = future.whenComplete((result, error) -> world.locked(() -> wake(current)));
            world.baton.giveBack();
            current.thread().go.acquireUninterruptibly();
        } while (!future.isDone() && world.now() < deadline);
        if (!future.isDone()) {
            throw new TimeoutException("Not done within " + limit + " of virtual time");
        }
    }

    private HandlerWait beginWait(long deadline) {
        HandlerWait current = new HandlerWait(HandlerWait.current(), world.now(), deadline);
        wait = current;
        if (pool.isCrashed()) {
            state = State.FROZEN;
            return current;
        }
        state = State.WAITING;
        world.addWaiting(this);
        if (deadline != Long.MAX_VALUE) {
            current.deadlineIs(world.timers.add(
                    new TimerQueue.Entry(deadline, TimerQueue.Kind.ONE_SHOT, name, due -> wake(current))));
        }
        return current;
    }

    /** With the lock held. An old wait that ends late must not end a later one. */
    private void wake(HandlerWait ended) {
        if (wait == ended) {
            wake();
        }
    }

    /** With the lock held. */
    void wake() {
        if (state == State.WAITING) {
            leaveWait();
            state = State.RUNNABLE;
            world.addRunnable(this);
        }
    }

    private void leaveWait() {
        world.removeWaiting(this);
        if (wait != null) {
            wait.cancelDeadline();
        }
    }

    /** With the lock held: drops it if it has not begun, else has it interrupted. True when it must still be run to its end. */
    boolean end() {
        if (thread == null) {
            world.removeRunnable(this);
            return false;
        }
        if (state == State.FROZEN) {
            state = State.RUNNABLE;
            world.addRunnable(this);
        }
        thread.interrupt();
        return state == State.RUNNABLE;
    }

    /** With the lock held: it will not be run again before the world ends. */
    void freeze() {
        leaveWait();
        world.removeRunnable(this);
        if (state != State.RUNNING) {
            state = State.FROZEN;
        }
    }

    /** With the lock held. */
    boolean hasBegun() {
        return thread != null;
    }

    @Override
    public String toString() {
        String told = wait == null || state == State.RUNNABLE ? " is to run" : wait.toString();
        return "handler " + name + told;
    }

    private enum State {
        RUNNABLE,
        RUNNING,
        WAITING,
        FROZEN
    }
}
