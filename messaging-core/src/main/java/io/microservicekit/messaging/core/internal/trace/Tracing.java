package io.microservicekit.messaging.core.internal.trace;

import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.trace.MessageTracer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What traces a client, a producer or a consumer. Without a tracer everything is handed back as it is: tracing that is off costs neither a branch nor
 * a byte.
 */
public final class Tracing {
    private final ClientRuntime runtime;
    private final System.Logger logger;
    private final @Nullable MessageTracer tracer;

    private Tracing(ClientRuntime runtime, System.Logger logger, @Nullable MessageTracer tracer) {
        this.runtime = runtime;
        this.logger = logger;
        this.tracer = tracer;
    }

    /** By a tracer, which may be null; one that throws is reported to the logger once. */
    public static Tracing of(@Nullable MessageTracer tracer, ClientRuntime runtime, System.Logger logger) {
        return new Tracing(runtime, logger, tracer == null ? null : new GuardedTracer(tracer, logger));
    }

    /** By a tracer of their own if there is one, else as this. */
    public Tracing or(@Nullable MessageTracer own) {
        return own == null ? this : of(own, runtime, logger);
    }

    /** A handler each call of which is a span. */
    public MessageHandler around(MessageHandler handler) {
        return tracer == null ? handler : new TracedHandler(handler, tracer);
    }

    /** A producer each send of which is a span, and carries its context where it may by these rules and those of the backend. */
    public BackendProducer around(BackendProducer producer, Function<Message, @Nullable MessagingException> rules) {
        return tracer == null ? producer : new TracedProducer(producer, rules, tracer, runtime, logger);
    }

    /** A consumer each acknowledgement of which is a span. */
    public BackendConsumer around(BackendConsumer consumer) {
        return tracer == null ? consumer : new TracedConsumer(consumer, tracer);
    }
}
