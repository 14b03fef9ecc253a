package io.microservicekit.messaging.api.spi;

import io.microservicekit.messaging.api.Instrumentation;

/**
 * The door of an instrumentation, found by {@link java.util.ServiceLoader}: registered by {@code provides … with} in its module descriptor and, with
 * the same content, in {@code META-INF/services}. Has a public constructor without parameters that does nothing. Being found activates nothing: a
 * client asks for it by {@code tracing()} or {@code meters()} of its builder, or is given one by {@code instrumentation(..)}.
 */
public interface InstrumentationProvider {
    /**
     * Makes the instrumentation of one client, with the library's defaults. Called once while a client is built that asks for it.
     *
     * @return a new instrumentation
     */
    Instrumentation create();
}
