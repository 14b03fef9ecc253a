package io.microservicekit.messaging.api;

import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.trace.MessageTracer;
import org.jspecify.annotations.Nullable;

/** What one library of traces or metrics adds to a client: a tracer, an observer, or both. */
public interface Instrumentation {
    /**
     * Makes the spans.
     *
     * @return the tracer, the same at each call; null when this instrumentation makes no spans
     */
    @Nullable MessageTracer tracer();

    /**
     * Makes the meters.
     *
     * @return the observer, the same at each call; null when this instrumentation has no meters
     */
    @Nullable MessagingObserver observer();
}
