package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.BrokerConnection;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What health asks on the connection that is present, and what it must not ask again on later ones: a channel one too many ends them. Confined to the
 * loop of the connection.
 */
final class HealthQuestions {
    private final ClientRuntime runtime;
    private final Loop loop;
    private final String name;
    private final System.Logger logger;
    private @Nullable RoundTrip roundTrip;
    private @Nullable QueueChecks queueChecks;
    /** Whether a channel that was opened to ask has ended a connection, since there may be no further one: no other is opened for that. */
    private boolean unasked;
    /** The same for the queues that are consumed. */
    private boolean queuesUnasked;

    /**
     * There is no connection.
     *
     * @param name of the connection
     */
    HealthQuestions(ClientRuntime runtime, Loop loop, String name, System.Logger logger) {
        this.runtime = runtime;
        this.loop = loop;
        this.name = name;
        this.logger = logger;
    }

    void connected(BrokerConnection opened) {
        roundTrip = new RoundTrip(runtime, loop, opened);
        queueChecks = queuesUnasked ? null : new QueueChecks(loop, opened);
    }

    void lost(Closure closure) {
        if (!unasked && roundTrip != null && roundTrip.isOverLimit(closure)) {
            unasked = true;
            logger.log(Level.WARNING, ConnectFailures.unasked(name, closure));
        } else if (queueChecks != null && queueChecks.isOverLimit(closure)) {
            queuesUnasked = true;
            logger.log(Level.WARNING, ConnectFailures.queuesUnasked(name, closure));
        }
        roundTrip = null;
        queueChecks = null;
    }

    /** The broker has shown that it is there. */
    void answered() {
        if (roundTrip != null) {
            roundTrip.answered();
        }
    }

    /**
     * Whether a broker answers, and then what it says of the queues that are consumed.
     *
     * @param answer ends normally also when there is no connection, or when it may not be asked
     * @param blocked whether an alarm blocks the connection: the broker does not read it; that it said so is its answer
     * @param users whose queues are asked for
     */
    void ask(CompletableFuture<Void> answer, boolean blocked, Users users) {
        RoundTrip present = roundTrip;
        if (present == null || blocked || unasked) {
            answer.complete(null);
            return;
        }
        var unused = present.ask().whenComplete((nothing, error) -> {
            if (error == null) {
                answer.complete(null);
                if (queueChecks != null) {
                    queueChecks.ask(users.all());
                }
            } else {
                answer.completeExceptionally(ConnectFailures.unanswered(name, ConnectFailures.closureOf(error)));
            }
        });
    }
}
