package io.microservicekit.messaging.core.internal.trace;

import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.api.trace.MessageTracer;
import io.microservicekit.messaging.api.trace.TraceSpan;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One span for each acknowledgement that is handed to the adapter. */
final class TracedConsumer implements BackendConsumer {
    private final BackendConsumer consumer;
    private final MessageTracer tracer;

    TracedConsumer(BackendConsumer consumer, MessageTracer tracer) {
        this.consumer = consumer;
        this.tracer = tracer;
    }

    @Override
    public void acknowledge(Assignment assignment, long upTo, long[] alsoThese) {
        TraceSpan span = tracer.startSettle(
                new MessagePosition(assignment.topic(), assignment.partition(), -1, assignment.epoch(), upTo));
        try {
            consumer.acknowledge(assignment, upTo, alsoThese);
        } catch (RuntimeException e) {
            span.fail(e);
            throw e;
        } finally {
            span.end();
        }
    }

    @Override
    public CompletableFuture<Void> flush(Assignment assignment) {
        return consumer.flush(assignment);
    }

    @Override
    public void pause(Set<Assignment> assignments) {
        consumer.pause(assignments);
    }

    @Override
    public void resume(Set<Assignment> assignments) {
        consumer.resume(assignments);
    }

    @Override
    public void hold(Assignment assignment, long tag) {
        consumer.hold(assignment, tag);
    }

    @Override
    public void release(Assignment assignment, long tag) {
        consumer.release(assignment, tag);
    }

    @Override
    public void recycle(Assignment assignment, String reason) {
        consumer.recycle(assignment, reason);
    }

    @Override
    public @Nullable Duration holdLimit() {
        return consumer.holdLimit();
    }

    @Override
    public @Nullable String impediment() {
        return consumer.impediment();
    }

    @Override
    public @Nullable String hang() {
        return consumer.hang();
    }

    @Override
    public CompletableFuture<Long> close(Duration limit) {
        return consumer.close(limit);
    }
}
