package io.microservicekit.messaging.benchmarks;

/** Runs each task in the caller, at once; so deep recursion with very many short runs. */
final class DirectExecutor extends StoppableExecutor {
    @Override
    public void execute(Runnable task) {
        task.run();
    }
}
