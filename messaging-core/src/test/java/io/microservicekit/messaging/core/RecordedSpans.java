package io.microservicekit.messaging.core;

import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.trace.MessageTracer;
import io.microservicekit.messaging.api.trace.TraceSpan;
import java.util.ArrayList;
import java.util.List;

/** A tracer that writes down what it is called with, in order: {@code begin}, {@code active}, {@code passive}, {@code fail}, {@code end} of a span. */
final class RecordedSpans implements MessageTracer {
    final List<String> events = new ArrayList<>();

    @Override
    public TraceSpan startSend(Message message, Headers.Builder carrier) {
        carrier.set("traced-by", "recorded");
        return new Span("send " + message.valueText());
    }

    @Override
    public TraceSpan startDeadLetter(Message deadLetter) {
        return new Span("dead letter " + deadLetter.valueText());
    }

    @Override
    public TraceSpan startProcess(ReceivedMessage message) {
        return new Span("process " + message.valueText() + " " + message.attempt());
    }

    @Override
    public TraceSpan startSettle(MessagePosition position) {
        return new Span("settle " + position.topic() + "-" + position.partition() + " " + position.tag());
    }

    List<String> of(String beginning) {
        return events.stream().filter(event -> event.contains(beginning)).toList();
    }

    private final class Span implements TraceSpan {
        private final String name;

        Span(String name) {
            this.name = name;
            events.add("begin " + name);
        }

        @Override
        public Scope activate() {
            events.add("active " + name);
            return () -> events.add("passive " + name);
        }

        @Override
        public void fail(Throwable cause) {
            events.add("fail " + name + ": " + cause.getMessage());
        }

        @Override
        public void end() {
            events.add("end " + name);
        }
    }
}
