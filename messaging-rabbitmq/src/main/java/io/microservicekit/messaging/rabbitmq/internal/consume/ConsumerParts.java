package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.QueueType;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.internal.link.SharedConnection;
import io.microservicekit.messaging.rabbitmq.internal.shared.GroupTopics;
import io.microservicekit.messaging.rabbitmq.internal.shared.Impediment;
import io.microservicekit.messaging.rabbitmq.internal.topology.Presence;
import io.microservicekit.messaging.rabbitmq.internal.topology.Topology;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of one consumer share.
 *
 * @param impediment why there is no consumer, or nothing more for it
 * @param ofQueue why its queue gives it nothing, as health checks found
 */
record ConsumerParts(
        BackendContext context,
        RabbitMqOptions options,
        Topology topology,
        Presence presence,
        ConsumerSpec spec,
        BackendListener listener,
        SharedConnection connection,
        GroupTopics groups,
        Impediment impediment,
        Impediment ofQueue) {
    private static final int MOST_PREFETCH = 65_535;
    private static final int NAME_IN_TAG = 50;

    Loop loop() {
        return connection.loop();
    }

    <T> CompletableFuture<T> future() {
        return context.runtime().future();
    }

    String queue() {
        return topology.queue(spec.group(), spec.topics());
    }

    /** What the broker shows of a consumer: a tag has 255 bytes at most, a queue's name may have as many by itself. */
    String tagName() {
        String queue = queue();
        return queue.codePointCount(0, queue.length()) <= NAME_IN_TAG
                ? queue
                : queue.substring(0, queue.offsetByCodePoints(0, NAME_IN_TAG));
    }

    /** How many deliveries that are not held there may be: enough for all handlers where lanes are many. */
    int window() {
        return spec.ordering() == OrderingMode.PARTITION
                ? options.prefetchCount()
                : (int) Math.min(MOST_PREFETCH, Math.max(options.prefetchCount(), 2L * spec.concurrency()));
    }

    /** Whether the queue is, or for all we know may be, a quorum queue. */
    boolean mayBeQuorum() {
        return isQuorum() || !topology.declares();
    }

    /** With a second consumer a quorum queue would take back what several have, one consumer after the other: in another order than the queue's. */
    Window newWindow() {
        return new Window(window(), options.maxHeld(), isSingleActive() || isQuorum());
    }

    /** Whether the broker serves one consumer of the queue at a time: as asked for, or because it is there so and is taken as it is. */
    boolean isSingleActive() {
        return options.singleActiveConsumer() || presence.isSingleActive();
    }

    /** Whether messages wait that could go on beside those that are held. */
    boolean suffersFromHeld() {
        return !isQuorum() || spec.ordering() != OrderingMode.PARTITION;
    }

    private boolean isQuorum() {
        return options.queueType() == QueueType.QUORUM;
    }

    /** The beginning of sentences about it. */
    String attempt() {
        return "Consuming " + Shown.text(spec.topics()) + " in group '" + Shown.text(spec.group()) + "'";
    }

    void log(System.Logger.Level level, String text, @Nullable Throwable cause) {
        spec.logger().log(level, attempt() + ": " + text, cause);
    }
}
