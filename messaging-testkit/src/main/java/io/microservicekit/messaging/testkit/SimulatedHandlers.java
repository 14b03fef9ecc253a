package io.microservicekit.messaging.testkit;

import io.microservicekit.messaging.api.spi.HandlerPool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Threads for user code, of which at most one in the whole world runs. */
final class SimulatedHandlers implements HandlerPool {
    private final World world;
    private final String name;
    private final int limit;
    private final Set<HandlerTask> tasks = new LinkedHashSet<>();
    private final Set<HandlerThread> threads = new LinkedHashSet<>();
    private final Deque<HandlerThread> idle = new ArrayDeque<>();
    private final Deque<HandlerTask> backlog = new ArrayDeque<>();
    private volatile State state = State.OPEN;
    private long sequence;
    private int active;

    SimulatedHandlers(World world, String name, int limit) {
        this.world = world;
        this.name = name;
        this.limit = limit;
    }

    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task, "task");
        world.locked(() -> {
            if (state == State.OPEN) {
                HandlerTask made = new HandlerTask(world, this, name + "#" + ++sequence, task);
                tasks.add(made);
                backlog.add(made);
                activate();
            }
        });
    }

    private void activate() {
        if (active < limit && !backlog.isEmpty()) {
            active++;
            world.addRunnable(backlog.remove());
        }
    }

    /** With the lock held. */
    HandlerThread thread(HandlerTask task) {
        HandlerThread thread = idle.poll();
        if (thread == null) {
            thread = new HandlerThread(world, this, name + "-" + (threads.size() + 1));
            threads.add(thread);
            thread.start();
        }
        thread.assign(task);
        return thread;
    }

    /** On the thread that has finished; false when it must end. */
    boolean finished(HandlerThread thread, HandlerTask task) {
        return world.locked(() -> {
            tasks.remove(task);
            if (state == State.OPEN) {
                idle.push(thread);
                active--;
                activate();
            }
            return state == State.OPEN;
        });
    }

    @Override
    public void close() {
        world.locked(() -> {
            if (state == State.OPEN) {
                end();
            }
        });
    }

    /** With the lock held: ends all tasks, frozen ones too; returns those that must be run to their ends. */
    List<HandlerTask> end() {
        state = State.CLOSED;
        dropIdle();
        List<HandlerTask> unwinding = new ArrayList<>();
        for (HandlerTask task : new ArrayList<>(tasks)) {
            if (task.end()) {
                unwinding.add(task);
            }
        }
        tasks.removeIf(task -> !task.hasBegun());
        return unwinding;
    }

    /** With the lock held. */
    void crash() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CRASHED;
        dropIdle();
        tasks.forEach(HandlerTask::freeze);
        tasks.removeIf(task -> !task.hasBegun());
    }

    private void dropIdle() {
        idle.forEach(HandlerThread::retire);
        idle.clear();
        backlog.clear();
    }

    boolean isClosed() {
        return state != State.OPEN;
    }

    boolean isCrashed() {
        return state == State.CRASHED;
    }

    boolean hasEnded() {
        return state == State.CLOSED;
    }

    /** With the lock held. */
    List<HandlerThread> threads() {
        return new ArrayList<>(threads);
    }

    private enum State {
        OPEN,
        CLOSED,
        CRASHED
    }
}
