package io.microservicekit.messaging.rabbitmq.internal.driver;

import io.microservicekit.messaging.api.spi.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/** A loop as the driver wants it to dispatch deliveries on. It is not the driver's to end. */
final class LoopExecutor extends AbstractExecutorService {
    private final Loop loop;

    LoopExecutor(Loop loop) {
        this.loop = loop;
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return new ArrayList<>();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }
}
