package io.microservicekit.messaging.testkit;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The right to run: with the driving thread or with one handler thread, never with two. */
final class Baton {
    private final Semaphore back = new Semaphore(0);
    private final Duration stuckAfter;

    Baton(Duration stuckAfter) {
        this.stuckAfter = stuckAfter;
    }

    /** Gives it to a handler thread and waits until it comes back. False when it does not within the wall time of the limit. */
    boolean pass(Semaphore to) {
        boolean interrupted = false;
        try {
            to.release();
            while (true) {
                try {
                    return back.tryAcquire(stuckAfter.toNanos(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void giveBack() {
        back.release();
    }
}
