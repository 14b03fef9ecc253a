package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.BrokerConnection;
import io.microservicekit.messaging.rabbitmq.internal.link.ChannelEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConnectionUser;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumedQueue;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.InboundMessage;
import io.microservicekit.messaging.rabbitmq.internal.link.QueueFacts;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Asks passively for the queues that are consumed on a connection, one after the other. Over a channel of its own: a queue without an answer would keep a
 * {@link RoundTrip} from its own, and one that is missing ends the channel. Confined to the loop of the connection.
 */
final class QueueChecks implements ChannelEvents {
    /** Less than health waits for an answer. */
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final Loop loop;
    private final BrokerConnection connection;
    /** Of the present round: there is one at a time, and nobody waits for its end. */
    private final Deque<ConsumedQueue> left = new ArrayDeque<>();

    private @Nullable ConsumingChannel channel;
    private boolean asking;
    /** From the first attempt to open the channel until it is open, or refused by what does not end the connection. */
    private boolean opening;

    /** Opens nothing yet. */
    QueueChecks(Loop loop, BrokerConnection connection) {
        this.loop = loop;
        this.connection = connection;
    }

    /** Asks for what these consume; for nothing while a queue of an earlier call has no answer. */
    void ask(Collection<ConnectionUser> users) {
        if (asking) {
            return;
        }
        for (ConnectionUser user : users) {
            ConsumedQueue queue = user.consumedQueue();
            if (queue != null) {
                left.add(queue);
            }
        }
        next();
    }

    /** Whether this end of the connection says that it may not have this channel more. */
    boolean isOverLimit(Closure closure) {
        return opening && closure.kind() == Closure.Kind.BROKER && ConnectFailures.isOfLimit(closure);
    }

    private void next() {
        asking = !left.isEmpty();
        if (!asking) {
            return;
        }
        try {
            if (channel == null) {
                opening = true;
                var unused = connection.consumingChannel(this).whenComplete(this::opened);
            } else {
                question(channel, left.remove());
            }
        } catch (Throwable e) { // there is no thread for it
            opening = false;
            giveUp();
        }
    }

    private void opened(@Nullable ConsumingChannel opened, @Nullable Throwable error) {
        channel = opened;
        opening = opened == null && RoundTrip.endsConnection(error);
        if (opened == null) {
            giveUp();
        } else {
            next();
        }
    }

    /** For this time. */
    private void giveUp() {
        left.forEach(ConsumedQueue::unasked);
        left.clear();
        asking = false;
    }

    private void question(ConsumingChannel open, ConsumedQueue queue) {
        Loop.Timer late = loop.housekeeping(LIMIT, queue::silent);
        var unused = queue.ask(open).whenComplete((facts, error) -> {
            late.cancel();
            try {
                answered(queue, facts, error);
            } finally { // an Error too: no queue would be asked for any more
                next();
            }
        });
    }

    private void answered(ConsumedQueue queue, @Nullable QueueFacts facts, @Nullable Throwable error) {
        if (facts != null) {
            queue.there(facts);
            return;
        }
        ConsumingChannel asked = channel;
        channel = null;
        Closure closure = ConnectFailures.closureOf(error);
        if (closure.ofConnection()) {
            left.clear();
        }
        queue.refused(closure);
        if (asked != null && !(error instanceof RefusedException)) { // with a refusal it is gone
            var unused = asked.close(Duration.ZERO);
        }
    }

    @Override
    public void delivered(InboundMessage message) {}

    @Override
    public void cancelled(String consumerTag) {}

    @Override
    public void closed(Closure closure) {
        channel = null;
    }
}
