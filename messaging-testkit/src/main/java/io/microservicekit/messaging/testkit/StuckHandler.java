package io.microservicekit.messaging.testkit;

import java.time.Duration;

/** The report of a handler thread that keeps the baton. */
final class StuckHandler {
    private StuckHandler() {}

    static IllegalStateException error(String name, Thread thread, Duration limit) {
        StringBuilder text = new StringBuilder("Handler " + name
                + " has neither ended nor waited through the runtime for "
                + limit + " of wall time, so simulated time stands still. Wait on futures of the runtime or through its"
                + " await only. The handler is at:");
        for (StackTraceElement frame : thread.getStackTrace()) {
            text.append("\n    at ").append(frame);
        }
        return new IllegalStateException(text.toString());
    }
}
