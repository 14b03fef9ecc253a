package io.microservicekit.messaging.rabbitmq.internal.link;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** An open channel for publishing. */
public interface PublishingChannel {
    /** The one thread of the channel on which {@link #publish} may be called, since it blocks. */
    Executor worker();

    /** The number that the broker's confirmation of the next message will carry, from 1; on the worker. */
    long nextSequence();

    /**
     * Writes one message. Blocks as long as the network does; on the worker. When it throws, whether the message was sent is not known, and the numbers
     * of later confirmations may be shifted: the channel must be dropped.
     *
     * @throws IOException when the network failed
     * @throws RefusedException when the channel was gone before, with the reason
     * @throws RuntimeException when the driver refused it
     */
    void publish(OutboundMessage message) throws IOException, RefusedException;

    /** Closes it; ends on the loop, always normally, soon after the limit at the latest. */
    CompletableFuture<Void> close(Duration limit);
}
