package io.microservicekit.messaging.api.spi;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Runs tasks one at a time, in the order they were given: the single writer of whatever state belongs to it. Thread-safe; tasks must not block.
 */
public interface Loop extends Executor {
    /**
     * Runs a task after those given before. Dropped silently when the loop is closed.
     *
     * @param task what to run; one that throws is logged and does not end the loop
     */
    @Override
    void execute(Runnable task);

    /**
     * Runs a task on this loop once, after a delay. Work that is unfinished until then counts as pending in simulated time.
     *
     * @param delay from now, zero or more
     * @param task what to run
     * @return a handle to cancel it
     */
    Timer schedule(Duration delay, Runnable task);

    /**
     * As {@link #schedule}, for tasks that mean no unfinished message (a periodic check that sets itself anew): simulated time does not wait for
     * them to end.
     *
     * @param delay from now, zero or more
     * @param task what to run
     * @return a handle to cancel it
     */
    Timer housekeeping(Duration delay, Runnable task);

    /** Drops all tasks and timers that have not begun, and takes no more. Returns at once. Idempotent. */
    void close();

    /** A task that waits for its time. */
    interface Timer {
        /** Keeps the task from running if it has not begun. Idempotent. */
        void cancel();
    }
}
