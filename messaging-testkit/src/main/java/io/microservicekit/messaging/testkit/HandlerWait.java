package io.microservicekit.messaging.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One wait of a handler through the runtime. */
final class HandlerWait {
    private static final List<String> OWN = List.of(
            HandlerWait.class.getName(),
            HandlerTask.class.getName(),
            Waits.class.getName(),
            World.class.getName(),
            SimulatedScope.class.getName(),
            SimulatedRuntime.class.getName(),
            SimulatedFuture.class.getName());

    private final HandlerThread thread;
    private final long since;
    private final long deadline;
    private @Nullable SimulatedTimer timer;

    HandlerWait(HandlerThread thread, long since, long deadline) {
        this.thread = thread;
        this.since = since;
        this.deadline = deadline;
    }

    static HandlerThread current() {
        return (HandlerThread) Thread.currentThread();
    }

    HandlerThread thread() {
        return thread;
    }

    void deadlineIs(SimulatedTimer deadlineTimer) {
        timer = deadlineTimer;
    }

    void cancelDeadline() {
        if (timer != null) {
            timer.cancel();
        }
    }

    @Override
    public String toString() {
        String until = deadline == Long.MAX_VALUE ? " without a limit" : " until t=" + deadline;
        return " waits for a future since t=" + since + until + " at " + caller();
    }

    private String caller() {
        for (StackTraceElement frame : thread.getStackTrace()) {
            String type = frame.getClassName();
            if (!type.startsWith("java.") && !isOwn(type)) {
                return frame.toString();
            }
        }
        return "an unknown place";
    }

    private static boolean isOwn(String type) {
        return OWN.stream().anyMatch(own -> type.equals(own) || type.startsWith(own + "$"));
    }
}
