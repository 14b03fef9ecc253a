package io.microservicekit.messaging.rabbitmq.internal.link;

import io.microservicekit.messaging.api.message.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

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
     * @param exchange where to, empty for the default exchange
     * @param routingKey the routing key
     * @param message the content
     * @param mandatory whether the broker shall return it when no queue takes it
     * @param publishMark written as header {@code x-publish-seq} to recognise a return, null for none
     * @throws IOException when the network failed
     * @throws RuntimeException when the driver refused it
     */
    void publish(String exchange, String routingKey, Message message, boolean mandatory, @Nullable String publishMark)
            throws IOException;

    /** Closes it; ends on the loop, always normally, soon after the limit at the latest. */
    CompletableFuture<Void> close(Duration limit);
}
