package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.internal.link.SharedConnection;
import io.microservicekit.messaging.rabbitmq.internal.shared.GroupTopics;
import io.microservicekit.messaging.rabbitmq.internal.shared.Impediment;
import io.microservicekit.messaging.rabbitmq.internal.topology.Presence;
import io.microservicekit.messaging.rabbitmq.internal.topology.Topology;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of a group's queue. Its methods only enqueue on the loop of its connection, where a state machine carries them out.
 *
 * <p>A pause ends the intake at once; what is unacknowledged goes back to the queue once the pause has lasted 5 s, since the SPI does not tell a
 * user's pause from the engine's own at its bounds, after which nothing must go back. One that turns out to have been the engine's own doubles that
 * time for the next. With {@code autoAck} nothing goes back: the broker has forgotten it.
 */
public final class RabbitMqConsumer implements BackendConsumer {
    private final ConsumerParts parts;
    private final Subscriber subscriber;

    private RabbitMqConsumer(ConsumerParts parts) {
        this.parts = parts;
        this.subscriber = new Subscriber(parts);
    }

    /**
     * Opens one, which begins to work towards {@link BackendListener#ready()} at once.
     *
     * @param context of the client
     * @param options of the backend
     * @param connection the client's connection for consuming
     * @param groups the topics of the client's consumers
     * @param subscription what to consume, and where to report
     * @throws InvalidConfigurationException INVALID_CONFIG when another consumer of the client subscribes other topics in the group, when more than
     *     to discard is wanted with {@code autoAck}, or several topics on the default exchange
     */
    public static RabbitMqConsumer open(
            BackendContext context,
            RabbitMqOptions options,
            SharedConnection connection,
            GroupTopics groups,
            Subscribed subscription) {
        ConsumerSpec spec = subscription.spec();
        check(options, spec);
        groups.join(spec.group(), spec.topics());
        RabbitMqConsumer consumer = new RabbitMqConsumer(new ConsumerParts(
                context,
                options,
                new Topology(options),
                new Presence(),
                spec,
                subscription.listener(),
                connection,
                groups,
                new Impediment("it is being registered at the broker"),
                new Impediment(null)));
        connection.loop().execute(consumer.subscriber::start);
        return consumer;
    }

    private static void check(RabbitMqOptions options, ConsumerSpec spec) {
        if (options.autoAck() && !spec.discards()) {
            throw invalid(
                    spec,
                    "autoAck(true) contradicts retry, dead letters and blocking: the broker forgets a message once it is sent."
                            + " Say exhausted(ExhaustedPolicy.DISCARD) without a retry policy and a dead-letter queue, or leave autoAck out.");
        }
        String problem = new Topology(options).problem(spec.topics());
        if (problem != null) {
            throw invalid(spec, problem);
        }
    }

    private static InvalidConfigurationException invalid(ConsumerSpec spec, String reason) {
        return new InvalidConfigurationException(
                ErrorCode.INVALID_CONFIG,
                "Consuming " + Shown.text(spec.topics()) + " in group '" + Shown.text(spec.group()) + "' failed: "
                        + reason);
    }

    /**
     * What to consume, and where to report. Immutable.
     *
     * @param spec what to consume
     * @param listener where to report
     */
    public record Subscribed(ConsumerSpec spec, BackendListener listener) {}

    private void command(Runnable task) {
        parts.loop().execute(task);
    }

    /** Reports as acknowledged what was sent: the broker answers no acknowledgement; {@link #flush} waits for an answer behind them. */
    @Override
    public void acknowledge(Assignment assignment, long upTo, long[] alsoThese) {
        command(() -> subscriber.with(assignment, session -> session.acknowledge(upTo, alsoThese)));
    }

    @Override
    public CompletableFuture<Void> flush(Assignment assignment) {
        CompletableFuture<Void> answer = parts.future();
        command(() -> subscriber.flush(assignment, answer));
        return answer;
    }

    @Override
    public void pause(Set<Assignment> assignments) {
        Set<Assignment> copy = new LinkedHashSet<>(assignments);
        command(() -> subscriber.pauses().pause(copy));
    }

    @Override
    public void resume(Set<Assignment> assignments) {
        Set<Assignment> copy = new LinkedHashSet<>(assignments);
        command(() -> subscriber.pauses().resume(copy));
    }

    @Override
    public void hold(Assignment assignment, long tag) {
        command(() -> subscriber.with(assignment, session -> session.hold(tag)));
    }

    @Override
    public void release(Assignment assignment, long tag) {
        command(() -> subscriber.with(assignment, session -> session.release(tag)));
    }

    @Override
    public void recycle(Assignment assignment, String reason) {
        command(() -> subscriber.recycle(assignment));
    }

    /** With {@code autoAck} the broker keeps nothing, so it takes nothing back. */
    @Override
    public @Nullable Duration holdLimit() {
        return parts.options().autoAck() ? null : parts.options().holdLimit();
    }

    @Override
    public @Nullable String impediment() {
        String own = parts.impediment().text();
        String connection = parts.connection().impediment();
        if (own == null) {
            return parts.ofQueue().text();
        }
        return connection == null ? own : connection;
    }

    /** An acknowledgement has no answer: all that were written count as taken. */
    @Override
    public CompletableFuture<Long> close(Duration limit) {
        CompletableFuture<Void> answer = parts.future();
        command(() -> subscriber.close(limit, answer));
        return answer.thenApply(done -> 0L);
    }
}
