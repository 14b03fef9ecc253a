package io.microservicekit.messaging.api.spi;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The adapter's reports to the engine. Each method only enqueues an event for the subscription's loop and returns at once; reports of one
 * assignment must come in order, from one thread or loop at a time.
 */
public interface BackendListener {
    /** Positions are pinned, or the consumer is registered at the broker: what is sent from now on is delivered. Called once or more. */
    void ready();

    /**
     * New assignments, each with a new epoch.
     *
     * @param assignments what was assigned in addition to what is held
     */
    void assigned(Set<Assignment> assignments);

    /**
     * Messages of one assignment, in the broker's order; their positions carry the assignment's epoch and rising tags.
     *
     * @param assignment a current assignment; messages of an old one are dropped
     * @param messages at least one; the list is handed over and must not be changed
     */
    void delivered(Assignment assignment, List<ReceivedMessage> messages);

    /**
     * The broker has taken acknowledgements: they can no longer become duplicates.
     *
     * @param assignment the assignment
     * @param upTo all deliveries with this tag or a lower one that were passed to {@link BackendConsumer#acknowledge}
     */
    void acknowledged(Assignment assignment, long upTo);

    /**
     * Assignments are about to be taken away in order. The engine starts nothing more of them, ends their back-offs uncounted, gives running
     * handlers and dead letters under way the limit, calls {@link BackendConsumer#acknowledge} for what is finished, and then completes the future.
     * The adapter waits for it by {@link ClientRuntime#awaitDrain}, and acknowledges at the broker before it lets go.
     *
     * @param assignments what is taken away
     * @param limit how long running handlers may take
     * @return completes normally when the engine has let go, at the latest after the limit
     */
    CompletableFuture<Void> revoked(Set<Assignment> assignments, Duration limit);

    /**
     * Assignments are gone already: nothing of them can be acknowledged any more.
     *
     * @param assignments what is gone
     */
    void lost(Set<Assignment> assignments);

    /**
     * The consumer cannot go on; the subscription fails with this cause.
     *
     * @param cause why, with what to do
     */
    void failed(MessagingException cause);
}
