package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.BrokerConnection;
import io.microservicekit.messaging.rabbitmq.internal.link.ChannelEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.InboundMessage;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks the broker something cheap on a connection, over a channel of its own that stays for the next time: whether a connection is open its own end
 * does not know when the network is silent. Whoever asks meanwhile shares the answer. Confined to the loop of the connection.
 */
final class RoundTrip implements ChannelEvents {
    /** How soon it is seen that the broker answers others on the connection. */
    private static final Duration LOOK = Duration.ofMillis(250);

    /** Each virtual host has it, it cannot be deleted, and asking for it needs no right. */
    private static final String ALWAYS_THERE = "amq.direct";

    private final ClientRuntime runtime;
    private final Loop loop;
    private final BrokerConnection connection;
    private final List<Asker> waiting = new ArrayList<>();
    private @Nullable ConsumingChannel channel;
    /** Until the question has an end, whether somebody waits for it or not: there is one at a time. */
    private boolean asking;
    /** Whether those for whom it was asked have their answer. */
    private boolean outdated;

    /** From the first attempt to open the channel until it is open, or refused by what does not end the connection. */
    private boolean opening;

    /** Opens nothing yet. */
    RoundTrip(ClientRuntime runtime, Loop loop, BrokerConnection connection) {
        this.runtime = runtime;
        this.loop = loop;
        this.connection = connection;
    }

    /**
     * Asks. The question may wait in the socket behind much that is being published: an answer to that is one to this.
     *
     * @return ends on the loop when the broker answered, or exceptionally with a {@link RefusedException}: after the driver's limit for answers at the
     *     latest
     */
    CompletableFuture<Void> ask() {
        Asker asker = new Asker(runtime.future(), connection.heard());
        waiting.add(asker);
        if (!asking) {
            begin();
        }
        look(asker);
        return asker.answer();
    }

    /**
     * Who waits.
     *
     * @param heard what had come on the connection when it asked
     */
    private record Asker(CompletableFuture<Void> answer, long heard) {}

    private void look(Asker asker) {
        if (asker.answer().isDone()) {
            return;
        }
        var unused = loop.housekeeping(LOOK, () -> {
            if (waiting.contains(asker) && connection.heard() > asker.heard()) {
                answered();
            } else {
                look(asker);
            }
        });
    }

    /** The broker has shown that it is there in another way. */
    void answered() {
        outdated = asking;
        end(null);
    }

    /** Whether this end of the connection says that it may not have a channel more. */
    boolean isOverLimit(Closure closure) {
        return opening && closure.kind() == Closure.Kind.BROKER && ConnectFailures.isOfLimit(closure);
    }

    private void begin() {
        asking = true;
        try {
            if (channel == null) {
                opening = true;
                var unused = connection.consumingChannel(this).whenComplete(this::opened);
            } else {
                question(channel);
            }
        } catch (Throwable e) { // there is no thread for it
            opening = false;
            over(e);
        }
    }

    private void opened(@Nullable ConsumingChannel opened, @Nullable Throwable error) {
        channel = opened;
        opening = opened == null && endsConnection(error);
        // To open it was a question too.
        over(opened != null || isAnswer(error) ? null : error);
    }

    private void question(ConsumingChannel open) {
        var unused = open.checkExchange(ALWAYS_THERE).whenComplete((nothing, error) -> {
            // With a refusal the channel is gone.
            channel = error == null ? channel : null;
            over(isAnswer(error) ? null : error);
        });
    }

    /** Whether the connection is about to end with what a question was refused with. */
    static boolean endsConnection(@Nullable Throwable error) {
        return error instanceof RefusedException refused && refused.closure().ofConnection();
    }

    /** A refusal by the broker is an answer, and so is one for which it need not be asked: it has granted so many channels. */
    private static boolean isAnswer(@Nullable Throwable error) {
        return error instanceof RefusedException refused
                && refused.closure().kind() == Closure.Kind.BROKER
                && !refused.closure().ofConnection();
    }

    private void over(@Nullable Throwable error) {
        boolean ofEarlier = outdated;
        asking = false;
        outdated = false;
        if (ofEarlier && error != null && !waiting.isEmpty()) {
            begin();
        } else {
            end(error);
        }
    }

    private void end(@Nullable Throwable error) {
        List<Asker> asked = new ArrayList<>(waiting);
        waiting.clear();
        for (Asker asker : asked) {
            if (error == null) {
                asker.answer().complete(null);
            } else {
                asker.answer().completeExceptionally(error);
            }
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
