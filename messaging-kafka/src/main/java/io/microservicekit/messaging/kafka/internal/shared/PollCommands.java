package io.microservicekit.messaging.kafka.internal.shared;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What others want done on the poll thread, in the order they asked. */
public final class PollCommands {
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /** None is waiting. */
    public PollCommands() {}

    public void add(Runnable command) {
        waiting.add(command);
    }

    /** Runs those that wait, and those that are added meanwhile. On the poll thread only. */
    public void runAll() {
        for (Runnable command = waiting.poll(); command != null; command = waiting.poll()) {
            command.run();
        }
    }
}
