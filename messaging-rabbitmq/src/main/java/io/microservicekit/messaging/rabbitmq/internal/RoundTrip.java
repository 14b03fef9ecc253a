package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.rabbitmq.internal.link.BrokerConnection;
import io.microservicekit.messaging.rabbitmq.internal.link.ChannelEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.InboundMessage;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks the broker something cheap on a connection, over a channel of its own that stays for the next time: whether a connection is open its own end
 * does not know when the network is silent. Whoever asks meanwhile shares the answer. Confined to the loop of the connection.
 */
final class RoundTrip implements ChannelEvents {
    /** Each virtual host has it, it cannot be deleted, and asking for it needs no right. */
    private static final String ALWAYS_THERE = "amq.direct";

    private final ClientRuntime runtime;
    private final BrokerConnection connection;
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private @Nullable ConsumingChannel channel;
    /** Until the question has an end, whether somebody waits for it or not: there is one at a time. */
    private boolean asking;
    /** Whether those for whom it was asked have their answer. */
    private boolean outdated;

    /** From the first attempt to open the channel until it is open. */
    private boolean opening;

    /** Opens nothing yet. */
    RoundTrip(ClientRuntime runtime, BrokerConnection connection) {
        this.runtime = runtime;
        this.connection = connection;
    }

    /**
     * Asks.
     *
     * @return ends on the loop when the broker answered, or exceptionally with a {@link RefusedException}: after the driver's limit for answers at the
     *     latest
     */
    CompletableFuture<Void> ask() {
        CompletableFuture<Void> answer = runtime.future();
        waiting.add(answer);
        if (!asking) {
            begin();
        }
        return answer;
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
            over(e);
        }
    }

    private void opened(@Nullable ConsumingChannel opened, @Nullable Throwable error) {
        channel = opened;
        opening = opened == null;
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
        List<CompletableFuture<Void>> asked = new ArrayList<>(waiting);
        waiting.clear();
        for (CompletableFuture<Void> answer : asked) {
            if (error == null) {
                answer.complete(null);
            } else {
                answer.completeExceptionally(error);
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
