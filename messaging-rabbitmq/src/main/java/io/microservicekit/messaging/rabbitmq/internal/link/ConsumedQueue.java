package io.microservicekit.messaging.rabbitmq.internal.link;

import java.util.concurrent.CompletableFuture;

/** A queue that is consumed on a connection at present, which a health check asks for. Called on the connection's loop, with one of the answers. */
public interface ConsumedQueue {
    /** Asks for it, and for what else it needs. */
    CompletableFuture<QueueFacts> ask(ConsumingChannel channel);

    /** It is there. */
    void there(QueueFacts facts);

    /** The question was refused, or its channel or the connection has ended before there was an answer. */
    void refused(Closure closure);

    /** It could not be asked for: nothing is known of it. */
    void unasked();

    /** There is no answer so far, for longer than it should take; one of the others follows. */
    void silent();
}
