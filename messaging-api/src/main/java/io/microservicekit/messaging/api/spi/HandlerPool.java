package io.microservicekit.messaging.api.spi;

import java.util.concurrent.Executor;

/** Threads for user code that may block. The engine never hands over more tasks at once than it asked threads for. Thread-safe. */
public interface HandlerPool extends Executor {
    /** Takes no more tasks, interrupts those that still run, and lets the threads end. Returns at once. Idempotent. */
    void close();
}
