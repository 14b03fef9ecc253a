package io.microservicekit.messaging.core;

import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.trace.MessageTracer;
import io.microservicekit.messaging.api.trace.TraceContext;
import io.microservicekit.messaging.api.trace.TraceSpan;
import io.microservicekit.messaging.core.internal.runtime.SystemRuntime;
import io.microservicekit.messaging.core.internal.shared.TraceIds;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Carries traces through messages without any tracing library, in the headers {@code x-trace-id}, {@code x-span-id}, {@code x-parent-span-id} and
 * {@code x-sampled}. Thread-safe; several clients may share one, and a consumer must share the tracer of the producer that its handler sends with:
 * that is what makes a send inside a handler continue its trace.
 *
 * <p>A send continues what is active on its thread ({@link #activate}; in a handler: the message being handled), else the context in the message's
 * own headers, else it begins a trace. An attempt to handle a message continues the context in its headers, else it begins a trace. What is no
 * context is not continued, see {@link TraceContext}.
 *
 * <p>It records nothing: no span is kept or exported. Read {@link #current()} to put the ids into logs; for spans in a trace store give the client
 * another {@link MessageTracer}.
 */
public final class SimpleTracer implements MessageTracer {
    private static final TraceSpan.Scope NO_SCOPE = () -> {};

    private final TraceIds ids;
    private final ThreadLocal<TraceContext> active;

    /** A tracer whose ids come from the system's randomness: not from the seed of a simulated runtime. */
    public SimpleTracer() {
        this(new SystemRuntime(null, System.getLogger("io.microservicekit.messaging")));
    }

    /**
     * A tracer whose ids come from a runtime; what {@code tracing()} of the client builder makes of the client's own.
     *
     * @param runtime for example a {@code SimulatedRuntime}, whose seed decides the ids
     */
    public SimpleTracer(ClientRuntime runtime) {
        this(
                new TraceIds(Objects.requireNonNull(runtime, "runtime").random("trace ids")),
                ThreadLocal.withInitial(() -> null));
    }

    private SimpleTracer(TraceIds ids, ThreadLocal<TraceContext> active) {
        this.ids = ids;
        this.active = active;
    }

    /**
     * What is active on the calling thread: in a handler the attempt to handle its message.
     *
     * @return the context that a send on this thread would continue; null when it would begin a trace
     */
    public @Nullable TraceContext current() {
        return active.get();
    }

    /**
     * Makes a context that came another way, for example with an HTTP request, the active one of the calling thread.
     *
     * @param context what sends on this thread continue
     * @return ends the activity and makes active again what was before; to be closed on the same thread
     */
    public TraceSpan.Scope activate(TraceContext context) {
        Objects.requireNonNull(context, "context");
        TraceContext before = active.get();
        active.set(context);
        return () -> {
            if (before == null) {
                active.remove();
            } else {
                active.set(before);
            }
        };
    }

    @Override
    public TraceSpan startSend(Message message, Headers.Builder carrier) {
        TraceContext here = active.get();
        TraceContext next = next(here == null ? TraceContext.from(message.headers()) : here);
        next.writeTo(carrier);
        return new Span(next);
    }

    @Override
    public TraceSpan startDeadLetter(Message deadLetter) {
        return new Span(next(TraceContext.from(deadLetter.headers())));
    }

    @Override
    public TraceSpan startProcess(ReceivedMessage message) {
        return new Span(next(TraceContext.from(message.headers())));
    }

    /** Belongs to many messages and is sent nowhere: there is nothing to carry. */
    @Override
    public TraceSpan startSettle(MessagePosition position) {
        return new Span(null);
    }

    private TraceContext next(@Nullable TraceContext parent) {
        return parent == null
                ? new TraceContext(ids.trace(), ids.span(), null, true)
                : new TraceContext(parent.traceId(), ids.span(), parent.spanId(), parent.sampled());
    }

    private final class Span implements TraceSpan {
        private final @Nullable TraceContext context;

        Span(@Nullable TraceContext context) {
            this.context = context;
        }

        @Override
        public Scope activate() {
            return context == null ? NO_SCOPE : SimpleTracer.this.activate(context);
        }

        @Override
        public void fail(Throwable cause) {}

        @Override
        public void end() {}
    }
}
