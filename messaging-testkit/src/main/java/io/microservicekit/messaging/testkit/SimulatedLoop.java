package io.microservicekit.messaging.testkit;

import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A serial executor of the world: its tasks run on the driving thread, one per step. */
final class SimulatedLoop implements Loop, Source {
    private final World world;
    private final String name;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean scheduled;
    private boolean closed;

    SimulatedLoop(World world, String name) {
        this.world = world;
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task, "task");
        world.locked(() -> offer(task));
    }

    private void offer(Runnable task) {
        if (closed) {
            return;
        }
        tasks.add(task);
        if (!scheduled) {
            scheduled = true;
            world.addRunnable(this);
        }
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return timer(delay, TimerQueue.Kind.ONE_SHOT, task);
    }

    @Override
    public Timer housekeeping(Duration delay, Runnable task) {
        return timer(delay, TimerQueue.Kind.HOUSEKEEPING, task);
    }

    private Timer timer(Duration delay, TimerQueue.Kind kind, Runnable task) {
        Objects.requireNonNull(delay, "delay");
        Objects.requireNonNull(task, "task");
        return world.locked(() -> {
            SimulatedTimer timer = world.timers.add(new TimerQueue.Entry(
                    world.after(delay), kind, this, due -> offer(() -> runUnlessCancelled(due, task))));
            if (closed) {
                timer.cancel();
            }
            return timer;
        });
    }

    private static void runUnlessCancelled(SimulatedTimer timer, Runnable task) {
        if (!timer.isCancelled()) {
            task.run();
        }
    }

    @Override
    public void step() {
        Runnable task = world.<@Nullable Runnable>locked(tasks::poll);
        if (task != null) {
            world.runOnLoop(name, task);
        }
        world.locked(this::goOn);
    }

    private void goOn() {
        scheduled = !tasks.isEmpty();
        if (scheduled) {
            world.addRunnable(this);
        }
    }

    @Override
    public void close() {
        world.locked(() -> {
            closed = true;
            tasks.clear();
            world.timers.dropOf(this);
            if (world.removeRunnable(this)) {
                scheduled = false;
            }
        });
    }

    @Override
    public String toString() {
        return "loop " + name + " with " + tasks.size() + " tasks";
    }
}
