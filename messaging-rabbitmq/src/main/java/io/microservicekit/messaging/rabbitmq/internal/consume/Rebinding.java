package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.rabbitmq.internal.topology.StepRun;
import io.microservicekit.messaging.rabbitmq.internal.topology.Topology;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Declares and binds anew under a consumer that goes on when the exchange was deleted: its bindings are gone with it, and come back with nobody else who
 * declares it. Confined to the loop of the connection.
 */
final class Rebinding {
    private final ConsumerParts parts;
    private final Subscriber subscriber;
    private final Topology topology;
    /** Whose steps are being asked. */
    private @Nullable Attempt asking;

    Rebinding(ConsumerParts parts, Subscriber subscriber) {
        this.parts = parts;
        this.subscriber = subscriber;
        this.topology = parts.topology();
    }

    /** On the channel of an attempt, which ends with a refusal: the next attempt says the same, and what it means. */
    void begin(Attempt attempt) {
        String exchange = topology.mortalExchange();
        if (exchange == null || attempt == asking) {
            return;
        }
        String missing = "its exchange '" + Shown.text(exchange)
                + "' is missing or was, and with it the bindings of its queue '" + Shown.text(parts.queue()) + "'";
        parts.ofQueue().say(missing + ", so nothing new is consumed: declare it, and bind the queue again");
        if (topology.declares()) {
            parts.log(Level.WARNING, missing + "; they are declared anew", null);
            asking = attempt;
            CompletableFuture<Void> end = parts.future();
            CompletableFuture<?> unused = end.whenComplete((nothing, error) -> ended(attempt, error));
            new StepRun(
                            topology.steps(parts.spec(), parts.presence(), false),
                            attempt.session().channel(),
                            end)
                    .begin();
        }
    }

    private void ended(Attempt attempt, @Nullable Throwable error) {
        asking = null;
        if (error == null && subscriber.isCurrent(attempt)) {
            parts.ofQueue().say(null);
        }
    }
}
