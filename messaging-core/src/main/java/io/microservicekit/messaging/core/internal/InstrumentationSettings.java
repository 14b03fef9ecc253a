package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.Instrumentation;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.trace.MessageTracer;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the client builder collected on traces and meters.
 *
 * @param tracing whether to look for a tracer when none was given
 * @param meters whether to look for observers
 * @param tracer the tracer given, null for none
 * @param given the instrumentations given
 * @param simplest makes the tracer when none is found
 */
public record InstrumentationSettings(
        boolean tracing,
        boolean meters,
        @Nullable MessageTracer tracer,
        List<Instrumentation> given,
        Function<ClientRuntime, MessageTracer> simplest) {}
