package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;

/** When and where a driver is opened again: after pauses that grow, on threads that may look names up. */
final class Reopening {
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final ClientRuntime runtime;
    private final String name;
    private final Loop loop;

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
            after(longer(pause), opening);
        }
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
