package io.microservicekit.messaging.rabbitmq.internal.driver;

import java.util.concurrent.ThreadFactory;

/** The threads that the driver makes for itself (reading, heartbeats): it starts, names and ends them; none keeps the program alive. */
final class DriverThreads implements ThreadFactory {
    private final String connection;

    DriverThreads(String connection) {
        this.connection = connection;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, connection + "-driver");
        thread.setDaemon(true);
        return thread;
    }
}
