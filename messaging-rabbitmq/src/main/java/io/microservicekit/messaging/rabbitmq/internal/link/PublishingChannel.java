package io.microservicekit.messaging.rabbitmq.internal.link;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** An open channel for publishing. */
public interface PublishingChannel {
    /** The one thread of the channel on which {@link #publish} and {@link #flush} may be called, since they block. */
    Executor worker();

    /** The number that the broker's confirmation of the next message will carry, from 1; on the worker. */
    long nextSequence();

    /**
     * Writes one message; it may wait for {@link #flush} or for further ones. Blocks as long as the network does; on the worker. When it throws, whether the message was sent is not known, and the numbers
     * of later confirmations may be shifted: the channel must be dropped.
     *
     * @throws IOException when the network failed
     * @throws RefusedException when the channel was gone before, with the reason
     * @throws RuntimeException when the driver refused it
     */
    void publish(OutboundMessage message) throws IOException, RefusedException;

    /**
     * Sends off what was written. Blocks as long as the network does; on the worker.
     *
     * @throws IOException when the network failed
     */
    void flush() throws IOException;

    /** Closes it; ends on the loop, always normally, soon after the limit at the latest. */
    CompletableFuture<Void> close(Duration limit);
}
