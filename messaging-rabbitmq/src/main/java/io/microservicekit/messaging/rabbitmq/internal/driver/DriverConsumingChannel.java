package io.microservicekit.messaging.rabbitmq.internal.driver;

import com.rabbitmq.client.AMQP;
import io.microservicekit.messaging.rabbitmq.internal.link.ChannelEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.QueueFacts;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A channel of the driver for consuming and topology. */
final class DriverConsumingChannel implements ConsumingChannel {
    private final ChannelCalls calls;
    private final ChannelEvents events;
    private final Map<String, DriverConsumer> consumers = new LinkedHashMap<>();

    DriverConsumingChannel(ChannelCalls calls, ChannelEvents events) {
        this.calls = calls;
        this.events = events;
    }

    void listen() {
        calls.listen(this::closed);
    }

    private void closed(Closure closure) {
        consumers.values().forEach(consumer -> consumer.channelClosed(new RefusedException(closure)));
        events.closed(closure);
    }

    @Override
    public CompletableFuture<Void> declareExchange(String exchange, String type, boolean durable) {
        return calls.command(channel -> channel.exchangeDeclare(exchange, type, durable));
    }

    @Override
    public CompletableFuture<Void> checkExchange(String exchange) {
        return calls.command(channel -> channel.exchangeDeclarePassive(exchange));
    }

    @Override
    public CompletableFuture<QueueFacts> declareQueue(String queue, boolean durable, Map<String, Object> arguments) {
        return calls.ask(channel -> facts(channel.queueDeclare(queue, durable, false, false, arguments)));
    }

    @Override
    public CompletableFuture<QueueFacts> checkQueue(String queue) {
        return calls.ask(channel -> facts(channel.queueDeclarePassive(queue)));
    }

    private static QueueFacts facts(AMQP.Queue.DeclareOk declared) {
        return new QueueFacts(declared.getMessageCount(), declared.getConsumerCount());
    }

    @Override
    public CompletableFuture<Void> bind(
            String queue, String exchange, String routingKey, Map<String, Object> arguments) {
        return calls.command(channel -> channel.queueBind(queue, exchange, routingKey, arguments));
    }

    @Override
    public CompletableFuture<Void> unbind(
            String queue, String exchange, String routingKey, Map<String, Object> arguments) {
        return calls.command(channel -> channel.queueUnbind(queue, exchange, routingKey, arguments));
    }

    @Override
    public CompletableFuture<Void> prefetch(int messages) {
        return calls.command(channel -> channel.basicQos(messages));
    }

    @Override
    public CompletableFuture<Void> consume(
            String queue, String consumerTag, boolean autoAck, Map<String, Object> arguments) {
        DriverConsumer consumer = new DriverConsumer(consumerTag, calls, events);
        consumers.put(consumerTag, consumer);
        return calls.command(
                channel -> channel.basicConsume(queue, autoAck, consumerTag, false, false, arguments, consumer));
    }

    @Override
    public CompletableFuture<Void> cancel(String consumerTag) {
        DriverConsumer consumer = consumers.remove(consumerTag);
        if (consumer == null) {
            throw new IllegalArgumentException("no consumer '" + consumerTag + "' on this channel");
        }
        return consumer.cancelled(calls.command(channel -> channel.basicCancel(consumerTag)));
    }

    @Override
    public void acknowledge(long tag, boolean multiple) {
        calls.tell(channel -> channel.basicAck(tag, multiple));
    }

    @Override
    public CompletableFuture<Void> close(Duration limit) {
        return calls.close(limit);
    }
}
