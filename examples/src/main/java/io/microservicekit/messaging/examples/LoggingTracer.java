package io.microservicekit.messaging.examples;

import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.trace.MessageTracer;
import io.microservicekit.messaging.api.trace.TraceSpan;
import java.util.function.Consumer;

/** The least that a tracer of one's own has to do; here its spans are lines of a log. */
// tag::tracer[]
record LoggingTracer(Consumer<String> log) implements MessageTracer {
    @Override
    public TraceSpan startSend(Message message, Headers.Builder carrier) {
        carrier.set("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"); // inject: set, never add
        return new Line("send " + message.topic());
    }

    @Override
    public TraceSpan startDeadLetter(Message deadLetter) {
        return new Line("dead letter " + deadLetter.topic());
    }

    @Override
    public TraceSpan startProcess(ReceivedMessage message) {
        return new Line("process " + message.topic() + " " + message.headers().text("traceparent")); // extract
    }

    @Override
    public TraceSpan startSettle(MessagePosition position) {
        return new Line("settle " + position.topic());
    }

    private final class Line implements TraceSpan {
        private final String name;

        Line(String name) {
            this.name = name;
        }

        @Override
        public Scope activate() {
            return () -> {}; // make it the current span of this thread, and on close the one before
        }

        @Override
        public void fail(Throwable cause) {
            log.accept(name + " failed: " + cause);
        }

        @Override
        public void end() {
            log.accept(name + " ended");
        }
    }
}
// end::tracer[]
