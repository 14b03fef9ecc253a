package io.microservicekit.messaging.rabbitmq.internal.link;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * An open channel for consuming and for topology. Its methods return at once and are carried out in the order of their calls, on a thread of the
 * channel's own; each answer comes on the loop of the connection. A refused question ends exceptionally with a {@link RefusedException}, and the
 * channel is gone with it.
 */
public interface ConsumingChannel {
    /** Declares an exchange: made when it is not there, refused with 406 when it is there with other properties. */
    CompletableFuture<Void> declareExchange(String exchange, String type, boolean durable);

    /** Asks whether an exchange is there; refused with 404 when not. */
    CompletableFuture<Void> checkExchange(String exchange);

    /** Declares a queue, neither exclusive nor deleted by itself. */
    CompletableFuture<QueueFacts> declareQueue(String queue, boolean durable, Map<String, Object> arguments);

    /** Asks whether a queue is there; refused with 404 when not. */
    CompletableFuture<QueueFacts> checkQueue(String queue);

    /** Binds a queue. */
    CompletableFuture<Void> bind(String queue, String exchange, String routingKey, Map<String, Object> arguments);

    /** Unbinds a queue. */
    CompletableFuture<Void> unbind(String queue, String exchange, String routingKey, Map<String, Object> arguments);

    /** Bounds what a consumer that is started afterwards may have unacknowledged. Changes nothing else, so it also serves as a question that is answered after everything before. */
    CompletableFuture<Void> prefetch(int messages);

    /**
     * Starts a consumer.
     *
     * @param consumerTag its name, new within the channel
     * @param autoAck whether the broker forgets a message once it is sent
     */
    CompletableFuture<Void> consume(String queue, String consumerTag, boolean autoAck, Map<String, Object> arguments);

    /** Ends a consumer; what was on its way still comes before the answer. */
    CompletableFuture<Void> cancel(String consumerTag);

    /**
     * Acknowledges a delivery; it has no answer.
     *
     * @param tag one that is not acknowledged yet: otherwise the broker closes the channel
     * @param multiple whether all lower tags are meant too
     */
    void acknowledge(long tag, boolean multiple);

    /**
     * Closes it; what is unacknowledged goes back to the queue, in its old place as far as the broker can.
     *
     * @return ends on the loop, always normally, soon after the limit at the latest
     */
    CompletableFuture<Void> close(Duration limit);
}
