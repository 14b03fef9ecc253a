package io.microservicekit.messaging.core.internal.trace;

import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.trace.MessageTracer;
import io.microservicekit.messaging.api.trace.TraceSpan;
import io.microservicekit.messaging.core.internal.shared.LoggedOnce;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A user's tracer that never throws: when it does, that is logged once and the message goes its way without a span. */
final class GuardedTracer implements MessageTracer {
    private static final TraceSpan.Scope NO_SCOPE = () -> {};
    private static final TraceSpan NO_SPAN = new NoSpan();

    private final MessageTracer tracer;
    private final System.Logger logger;
    private final LoggedOnce logged = new LoggedOnce();

    GuardedTracer(MessageTracer tracer, System.Logger logger) {
        this.tracer = tracer;
        this.logger = logger;
    }

    @Override
    public TraceSpan startSend(Message message, Headers.Builder carrier) {
        TraceSpan span = span(() -> tracer.startSend(message, carrier));
        if (span == NO_SPAN) {
            restore(carrier, message.headers());
        }
        return span;
    }

    /** What a tracer wrote before it threw is no context. */
    private static void restore(Headers.Builder carrier, Headers headers) {
        carrier.build().forEach((name, value) -> carrier.remove(name));
        carrier.addAll(headers);
    }

    @Override
    public TraceSpan startDeadLetter(Message deadLetter) {
        return span(() -> tracer.startDeadLetter(deadLetter));
    }

    @Override
    public TraceSpan startProcess(ReceivedMessage message) {
        return span(() -> tracer.startProcess(message));
    }

    @Override
    public TraceSpan startSettle(MessagePosition position) {
        return span(() -> tracer.startSettle(position));
    }

    private TraceSpan span(Supplier<@Nullable TraceSpan> start) {
        TraceSpan span = guarded(start);
        return span == null ? NO_SPAN : new GuardedSpan(span);
    }

    /** Null when it throws or answers nothing. */
    private <T> @Nullable T guarded(Supplier<@Nullable T> call) {
        try {
            return Objects.requireNonNull(call.get(), "a tracer answered null");
        } catch (Throwable thrown) {
            if (logged.first()) {
                String name = tracer.getClass().getName();
                logger.log(Level.WARNING, "Tracer " + name + " threw; it is called on, but not logged again", thrown);
            }
            return null;
        }
    }

    private void guarded(Runnable call) {
        Object unused = guarded(() -> {
            call.run();
            return NO_SPAN;
        });
    }

    private final class GuardedSpan implements TraceSpan {
        private final TraceSpan span;

        GuardedSpan(TraceSpan span) {
            this.span = span;
        }

        @Override
        public Scope activate() {
            Scope scope = guarded(span::activate);
            return scope == null ? NO_SCOPE : () -> guarded(scope::close);
        }

        @Override
        public void fail(Throwable cause) {
            guarded(() -> span.fail(cause));
        }

        @Override
        public void end() {
            guarded(span::end);
        }
    }

    private static final class NoSpan implements TraceSpan {
        @Override
        public Scope activate() {
            return NO_SCOPE;
        }

        @Override
        public void fail(Throwable cause) {}

        @Override
        public void end() {}
    }
}
