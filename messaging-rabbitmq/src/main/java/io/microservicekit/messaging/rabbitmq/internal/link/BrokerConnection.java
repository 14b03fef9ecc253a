package io.microservicekit.messaging.rabbitmq.internal.link;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** An open connection. Its methods return at once; all answers come on its loop. */
public interface BrokerConnection {
    /**
     * Opens a channel for consuming and for topology.
     *
     * @param events told on the loop, after the answer
     * @return ends on the loop with the open channel, or exceptionally with a {@link RefusedException}
     */
    CompletableFuture<ConsumingChannel> consumingChannel(ChannelEvents events);

    /**
     * Opens a channel for publishing.
     *
     * @param confirms whether the broker confirms each message
     * @param events told of the end on the loop, and of confirmations on the driver's reading thread
     * @return ends on the loop with the open channel, or exceptionally with a {@link RefusedException}
     */
    CompletableFuture<PublishingChannel> publishingChannel(boolean confirms, PublishingEvents events);

    /** The broker's version as it names it, for example {@code 3.10.8}; empty when it does not. */
    String serverVersion();

    /** How many frames the broker has sent on its channels so far; a heartbeat is none, since it says nothing of what is asked. */
    long heard();

    /** How many bytes a frame may have, and so the header of a message; 0 when there is no limit. */
    int frameMax();

    /**
     * Closes it; after the limit, or when it is blocked, by closing its socket.
     *
     * @return ends on the loop, always normally, soon after the limit at the latest
     */
    CompletableFuture<Void> close(Duration limit);
}
