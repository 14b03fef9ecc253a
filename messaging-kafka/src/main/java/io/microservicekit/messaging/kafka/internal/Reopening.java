package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.kafka.internal.shared.LostTask;
import java.time.Duration;

/** When and where a driver is opened again: after pauses that grow, on threads that may look names up. */
final class Reopening {
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final ClientRuntime runtime;
    private final String name;
    private final Loop loop;
    private final LostTask lost = new LostTask();

    Reopening(ClientRuntime runtime, String name, Loop loop) {
        this.runtime = runtime;
        this.name = name;
        this.loop = loop;
    }

    long nanoTime() {
        return runtime.nanoTime();
    }

    /** Never when the loop is closed meanwhile. Where there is no memory for a thread, later: nobody else would open it. */
    void after(Duration pause, Runnable opening) {
        loop.schedule(pause, () -> begin(pause, opening));
    }

    private void begin(Duration pause, Runnable opening) {
        try {
            runtime.ioThread(name + "-open", opening);
        } catch (ClosedException e) {
            // The client has ended.
        } catch (OutOfMemoryError e) {
            beginLater(pause, opening);
        }
    }

    private void beginLater(Duration pause, Runnable opening) {
        try {
            after(longer(pause), opening);
        } catch (OutOfMemoryError e) {
            loses();
        }
    }

    /** There was no memory to open it later. */
    void loses() {
        lost.loses();
    }

    /** Whether that has happened: true for one caller, who opens it later. */
    boolean hasLost() {
        return lost.isToBeMadeUpFor();
    }

    /** False, and nothing is run, when the client has ended, whose threads are gone then, or when there is no memory for one. */
    boolean onThread(String suffix, Runnable work) {
        try {
            runtime.ioThread(name + suffix, work);
            return true;
        } catch (ClosedException | OutOfMemoryError e) {
            return false;
        }
    }

    static Duration longer(Duration pause) {
        if (pause.compareTo(FIRST_PAUSE) < 0) {
            return FIRST_PAUSE;
        }
        Duration next = pause.multipliedBy(2);
        return next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
    }
}
