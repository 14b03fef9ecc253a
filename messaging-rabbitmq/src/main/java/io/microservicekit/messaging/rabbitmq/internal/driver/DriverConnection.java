package io.microservicekit.messaging.rabbitmq.internal.driver;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.BrokerConnection;
import io.microservicekit.messaging.rabbitmq.internal.link.ChannelEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConnectionEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.PublishingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.PublishingEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import io.microservicekit.messaging.rabbitmq.internal.shared.BlockingWorker;
import io.microservicekit.messaging.rabbitmq.internal.shared.CapturedSocket;
import io.microservicekit.messaging.rabbitmq.internal.shared.ChannelNumbers;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A connection of the driver. */
final class DriverConnection implements BrokerConnection {
    /** What the driver needs to notice that its socket is closed. */
    private static final Duration NOTICING = Duration.ofMillis(500);

    /** The broker has said so before. */
    private static final Closure TOO_MANY = new Closure(
            Closure.Kind.BROKER,
            AMQP.NOT_ALLOWED,
            "the connection has as many channels as the broker allows: the limit channel_max is reached",
            false,
            null);

    private final Connection connection;
    private final CapturedSocket socket;
    private final Place place;
    private final ConnectionEvents events;
    private final CompletableFuture<Void> ended;
    private final ChannelNumbers numbers = new ChannelNumbers();

    DriverConnection(Connection connection, CapturedSocket socket, Place place, ConnectionEvents events) {
        this.connection = connection;
        this.socket = socket;
        this.place = place;
        this.events = events;
        this.ended = place.runtime().future();
    }

    /** From now on its events are told; on the loop, after it was handed out. */
    void listen() {
        Loop loop = place.loop();
        connection.addBlockedListener(
                reason -> loop.execute(() -> events.blocked(reason)), () -> loop.execute(events::unblocked));
        connection.addShutdownListener(signal -> loop.execute(() -> ended(Closures.of(signal))));
    }

    private void ended(Closure closure) {
        if (!ended.isDone()) {
            ended.complete(null);
            events.closed(closure);
        }
    }

    @Override
    public CompletableFuture<ConsumingChannel> consumingChannel(ChannelEvents events) {
        CompletableFuture<ConsumingChannel> answer = place.runtime().future();
        open("consume", answer, (channel, worker) -> {
            DriverConsumingChannel open = new DriverConsumingChannel(new ChannelCalls(channel, worker, place), events);
            place.loop().execute(() -> {
                answer.complete(open);
                open.listen();
            });
        });
        return answer;
    }

    @Override
    public CompletableFuture<PublishingChannel> publishingChannel(boolean confirms, PublishingEvents events) {
        CompletableFuture<PublishingChannel> answer = place.runtime().future();
        open("publish", answer, (channel, worker) -> {
            DriverPublishingChannel open =
                    new DriverPublishingChannel(new ChannelCalls(channel, worker, place), place.durable(), events);
            open.prepare(confirms);
            place.loop().execute(() -> {
                answer.complete(open);
                open.listen();
            });
        });
        return answer;
    }

    /** What is done with a channel that was opened, on its worker. */
    private interface Opened {
        void with(Channel channel, BlockingWorker worker) throws IOException;
    }

    private void open(String purpose, CompletableFuture<?> answer, Opened opened) {
        BlockingWorker worker = new BlockingWorker(place.runtime(), place.name() + "-" + purpose);
        try {
            worker.execute(() -> open(worker, answer, opened));
        } catch (Throwable e) { // there is no thread for it
            refuse(worker, answer, e);
        }
    }

    private void open(BlockingWorker worker, CompletableFuture<?> answer, Opened opened) {
        Channel channel = null;
        try {
            channel = channel();
            opened.with(channel, worker);
        } catch (Throwable e) { // an Error too: whoever asked must hear of it
            refuse(worker, answer, e);
            abort(channel);
        }
    }

    /** One that was opened and is handed to nobody. */
    private static void abort(@Nullable Channel channel) {
        if (channel == null) {
            return;
        }
        try {
            channel.abort();
        } catch (IOException | RuntimeException e) {
            // It is closed, or its connection will end it.
            return;
        }
    }

    private void refuse(BlockingWorker worker, CompletableFuture<?> answer, Throwable error) {
        worker.close();
        place.loop().execute(() -> answer.completeExceptionally(Closures.refused(error)));
    }

    /**
     * With a number that none has had for long. The driver would give away again the one that was free last, also when the broker has not yet said that
     * its channel is closed: that word would pass for the answer to the new one, which the broker does not know, and what comes on it ends the connection
     * (504).
     */
    private Channel channel() throws IOException, RefusedException {
        int most = connection.getChannelMax();
        for (int tried = 0; tried < most; tried++) {
            Channel channel = connection.createChannel(numbers.next(most));
            if (channel != null) {
                return channel;
            }
        }
        throw new RefusedException(TOO_MANY);
    }

    @Override
    public String serverVersion() {
        Object version = connection.getServerProperties().get("version");
        return version == null ? "" : version.toString();
    }

    @Override
    public long heard() {
        return place.last().heard();
    }

    @Override
    public int frameMax() {
        return connection.getFrameMax();
    }

    @Override
    public CompletableFuture<Void> close(Duration limit) {
        CompletableFuture<Void> answer = place.runtime().future();
        Loop.Timer force = place.loop().schedule(limit, socket::close);
        Loop.Timer end = place.loop().schedule(limit.plus(NOTICING), () -> answer.complete(null));
        var unused = ended.whenComplete((nothing, error) -> {
            force.cancel();
            end.cancel();
            answer.complete(null);
        });
        if (!ended.isDone()) {
            closeOrderly(limit);
        }
        return answer;
    }

    private void closeOrderly(Duration limit) {
        try {
            place.runtime().ioThread(place.name() + "-close", () -> {
                // Without a limit the driver would wait for ever, with none at all it would not ask.
                connection.abort((int) Math.min(Integer.MAX_VALUE, Math.max(1, limit.toMillis())));
            });
        } catch (Throwable e) {
            // The client's threads have ended, or no further one can be started: there is nobody to do it in order.
            socket.close();
        }
    }
}
