package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.rabbitmq.internal.link.BrokerConnection;
import io.microservicekit.messaging.rabbitmq.internal.link.ChannelEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.PublishingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.PublishingEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** One connection to the scripted broker. */
final class ScriptedConnection implements BrokerConnection {
    private final ScriptedBroker broker;

    ScriptedConnection(ScriptedBroker broker) {
        this.broker = broker;
    }

    @Override
    public CompletableFuture<ConsumingChannel> consumingChannel(ChannelEvents events) {
        broker.checkThread();
        CompletableFuture<ConsumingChannel> answer = broker.runtime.future();
        broker.network.execute(() -> open(events, answer));
        return answer;
    }

    private void open(ChannelEvents events, CompletableFuture<ConsumingChannel> answer) {
        Closure refusal = broker.isUp(this)
                ? broker.refusal("channel")
                : new Closure(Closure.Kind.NETWORK, 0, "Connection reset", true, null);
        if (refusal != null) {
            broker.client.execute(() -> answer.completeExceptionally(new RefusedException(refusal)));
        } else {
            ScriptedChannel channel = new ScriptedChannel(broker, events);
            broker.opened(channel);
            broker.client.execute(() -> answer.complete(channel));
        }
    }

    @Override
    public CompletableFuture<PublishingChannel> publishingChannel(boolean confirms, PublishingEvents events) {
        throw new UnsupportedOperationException("nobody publishes here");
    }

    @Override
    public String serverVersion() {
        return "scripted";
    }

    @Override
    public long heard() {
        return 0;
    }

    @Override
    public int frameMax() {
        return 0;
    }

    @Override
    public CompletableFuture<Void> close(Duration limit) {
        return CompletableFuture.completedFuture(null);
    }
}
