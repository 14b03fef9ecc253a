package io.microservicekit.messaging.api.trace;

/** One span. Thread-safe: it may end on another thread than it began on. */
public interface TraceSpan {
    /**
     * Makes the span the active one of the calling thread: what is sent there continues its trace.
     *
     * @return ends the activity; to be closed on the same thread
     */
    Scope activate();

    /**
     * What the span is about went wrong; it still has to be ended.
     *
     * @param cause why
     */
    void fail(Throwable cause);

    /** Ends the span. Called once. */
    void end();

    /** The time in which a span is the active one of a thread. */
    interface Scope extends AutoCloseable {
        /** Makes active again what was active before. */
        @Override
        void close();
    }
}
