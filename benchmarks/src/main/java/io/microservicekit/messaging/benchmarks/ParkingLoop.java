package io.microservicekit.messaging.benchmarks;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** One thread, a lock-free queue, and an unpark only when the thread said that it sleeps. No timers. */
final class ParkingLoop extends StoppableExecutor {
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean idle = new AtomicBoolean();
    private final Thread thread = new Thread(this::work, "loop");

    ParkingLoop() {
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        wake();
    }

    private void wake() {
        if (idle.get() && idle.compareAndSet(true, false)) {
            LockSupport.unpark(thread);
        }
    }

    private void work() {
        while (!isShutdown()) {
            Runnable task = tasks.poll();
            if (task == null) {
                sleep();
            } else {
                task.run();
            }
        }
    }

    private void sleep() {
        idle.set(true);
        while (idle.get() && tasks.isEmpty() && !isShutdown()) {
            LockSupport.park(this);
        }
        idle.set(false);
    }

    @Override
    public void shutdown() {
        super.shutdown();
        LockSupport.unpark(thread);
    }

    @Override
    public boolean isTerminated() {
        return !thread.isAlive();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        thread.join(Math.max(1, unit.toMillis(timeout)));
        return isTerminated();
    }
}
