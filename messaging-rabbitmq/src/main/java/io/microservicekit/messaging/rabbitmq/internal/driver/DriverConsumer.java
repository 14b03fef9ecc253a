package io.microservicekit.messaging.rabbitmq.internal.driver;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import io.microservicekit.messaging.rabbitmq.internal.codec.AmqpMessages;
import io.microservicekit.messaging.rabbitmq.internal.link.ChannelEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.InboundMessage;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import java.util.concurrent.CompletableFuture;

/** One consumer of a channel. The driver calls it on the loop, in the order in which the broker sent. */
final class DriverConsumer extends DefaultConsumer {
    private final String tag;
    private final ChannelCalls calls;
    private final ChannelEvents events;
    private final CompletableFuture<Void> over;

    DriverConsumer(String tag, ChannelCalls calls, ChannelEvents events) {
        super(calls.channel());
        this.tag = tag;
        this.calls = calls;
        this.events = events;
        this.over = calls.future();
    }

    /** Whatever is thrown ends the channel, so that the message comes again: thrown to the driver it would end it as if we had closed it, and be heard by nobody. */
    @Override
    public void handleDelivery(String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
        if (calls.isOver()) {
            return;
        }
        try {
            events.delivered(new InboundMessage(
                    tag,
                    envelope.getDeliveryTag(),
                    envelope.isRedeliver(),
                    envelope.getRoutingKey(),
                    AmqpMessages.read(envelope.getRoutingKey(), properties, body)));
        } catch (Throwable e) {
            calls.drop(Closures.ofReading(e));
        }
    }

    /** Our own end of it: what it was sent before has come. */
    @Override
    public void handleCancelOk(String consumerTag) {
        over.complete(null);
    }

    /** The broker's end of it, which may cross ours: then ours has no answer. */
    @Override
    public void handleCancel(String consumerTag) {
        over.complete(null);
        if (!calls.isOver()) {
            events.cancelled(tag);
        }
    }

    void channelClosed(RefusedException refused) {
        over.completeExceptionally(refused);
    }

    /** Ends with it, or with the refusal of the call that asked for it. */
    CompletableFuture<Void> cancelled(CompletableFuture<Void> asked) {
        var unused = asked.whenComplete((nothing, error) -> {
            if (error != null) {
                over.completeExceptionally(error);
            }
        });
        return over;
    }
}
