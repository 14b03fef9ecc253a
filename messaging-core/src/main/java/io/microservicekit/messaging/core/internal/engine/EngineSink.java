package io.microservicekit.messaging.core.internal.engine;

/** What performing commands leads to. */
interface EngineSink {
    /** An event for the state machine, to be applied later; from any thread. */
    void report(EngineEvent event);

    /** An event for the state machine, to be applied now; on the loop, but never while a command is performed. */
    void handle(EngineEvent event);

    /** The subscription cannot go on; on the loop. */
    void failed(Throwable cause);

    /** Nothing is under way any more after a stop; on the loop. */
    void drained();
}
