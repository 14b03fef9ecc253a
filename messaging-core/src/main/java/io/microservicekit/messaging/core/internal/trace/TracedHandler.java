package io.microservicekit.messaging.core.internal.trace;

import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.trace.MessageTracer;
import io.microservicekit.messaging.api.trace.TraceSpan;

/** One span for each attempt to handle a message, active while the handler runs. */
final class TracedHandler implements MessageHandler {
    private final MessageHandler handler;
    private final MessageTracer tracer;

    TracedHandler(MessageHandler handler, MessageTracer tracer) {
        this.handler = handler;
        this.tracer = tracer;
    }

    @Override
    public void handle(ReceivedMessage message) throws Exception {
        TraceSpan span = tracer.startProcess(message);
        TraceSpan.Scope scope = span.activate();
        try {
            handler.handle(message);
        } catch (Throwable thrown) {
            span.fail(thrown);
            throw thrown;
        } finally {
            scope.close();
            span.end();
        }
    }
}
