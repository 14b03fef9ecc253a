package io.microservicekit.messaging.rabbitmq.internal.driver;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.AMQConnection;
import io.microservicekit.messaging.rabbitmq.internal.codec.AmqpMessages;
import io.microservicekit.messaging.rabbitmq.internal.codec.LibraryHeaders;
import io.microservicekit.messaging.rabbitmq.internal.link.OutboundMessage;
import io.microservicekit.messaging.rabbitmq.internal.link.PublishingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.PublishingEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A channel of the driver for publishing. */
final class DriverPublishingChannel implements PublishingChannel {
    private final ChannelCalls calls;
    private final Channel channel;
    private final boolean durable;
    private final PublishingEvents events;

    DriverPublishingChannel(ChannelCalls calls, boolean durable, PublishingEvents events) {
        this.calls = calls;
        this.channel = calls.channel();
        this.durable = durable;
        this.events = events;
    }

    /** On the worker, before anything is published. */
    void prepare(boolean confirms) throws IOException {
        channel.addReturnListener(
                (code, text, exchange, routingKey, properties, body) -> events.returned(mark(properties), code, text));
        if (confirms) {
            channel.addConfirmListener(events::confirmed, events::rejected);
            channel.confirmSelect();
        }
    }

    private static @Nullable String mark(AMQP.BasicProperties properties) {
        Object mark =
                properties.getHeaders() == null ? null : properties.getHeaders().get(LibraryHeaders.PUBLISH_MARK);
        return mark == null ? null : mark.toString();
    }

    void listen() {
        calls.listen(events::closed);
    }

    @Override
    public Executor worker() {
        return calls.worker();
    }

    @Override
    public long nextSequence() {
        return channel.getNextPublishSeqNo();
    }

    @Override
    public void publish(OutboundMessage message) throws IOException, RefusedException {
        AMQP.BasicProperties properties =
                AmqpMessages.write(message.message(), durable, message.publishMark(), message.timestampMillis());
        try {
            channel.basicPublish(
                    message.exchange(),
                    message.routingKey(),
                    message.publishMark() != null,
                    false,
                    properties,
                    ByteBuffer.wrap(AmqpMessages.body(message.message())),
                    WatchedFactory.LATER);
        } catch (ShutdownSignalException e) {
            throw Closures.refused(e);
        }
    }

    @Override
    public void flush() throws IOException {
        ((AMQConnection) channel.getConnection()).flush();
    }

    @Override
    public CompletableFuture<Void> close(Duration limit) {
        return calls.close(limit);
    }
}
