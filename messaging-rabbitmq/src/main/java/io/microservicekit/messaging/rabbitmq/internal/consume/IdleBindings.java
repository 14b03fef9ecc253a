package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.topology.TopologyStep;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says when a consumer that got nothing for a while is to be bound again, in case its bindings are gone: an exchange that was deleted and declared
 * again by somebody else looks as if nothing had happened, and what is bound already stays as it is. Confined to the loop of the connection.
 */
final class IdleBindings {
    private static final int NOT_FOUND = 404;

    /** A binding is an entry in what all nodes of a broker must agree about, so this is seldom. */
    private static final long IDLE = Duration.ofMinutes(1).toNanos();

    private final ConsumerParts parts;
    private @Nullable Attempt of;
    private long received;
    private long sinceNanos;
    private boolean refused;

    IdleBindings(ConsumerParts parts) {
        this.parts = parts;
    }

    /** What is to be asked now; nothing for one whose topology is not ours, which has got something, or was bound, within the time, or may not. */
    List<TopologyStep> due(Attempt attempt) {
        long now = parts.context().runtime().nanoTime();
        long got = attempt.session().received();
        if (attempt != of) {
            of = attempt;
            refused = false;
            begin(got, now);
        } else if (got != received) {
            begin(got, now);
        }
        if (refused || now - sinceNanos < IDLE || !parts.topology().declares()) {
            return Collections.emptyList();
        }
        begin(got, now);
        return parts.topology().bindings(parts.spec());
    }

    private void begin(long got, long now) {
        received = got;
        sinceNanos = now;
    }

    /** What is missing is found by the next question. Whatever else was said, or if nothing was, it is not asked again: consuming goes on without it. */
    void refused(Closure closure) {
        refused |= closure.code() != NOT_FOUND;
    }
}
