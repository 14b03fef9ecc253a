package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptionsBuilder;
import io.microservicekit.messaging.rabbitmq.internal.shared.GroupTopics;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A consumer of the group {@code group}, unless another is named, on a scripted broker in simulated time. */
final class Subscription implements AutoCloseable {
    final SimulatedRuntime runtime;
    final ScriptedBroker broker;
    final Heard heard = new Heard();
    private final GroupTopics groups = new GroupTopics();
    private UnaryOperator<RabbitMqOptionsBuilder> options = builder -> builder;
    private List<String> topics = List.of("orders");
    private @Nullable String deadLetters;
    private String group = "group";
    private boolean discards;
    private @Nullable RabbitMqConsumer consumer;

    Subscription() {
        this(SimulatedRuntime.seeded(7));
    }

    Subscription(SimulatedRuntime runtime) {
        this.runtime = runtime;
        this.broker = new ScriptedBroker(runtime);
    }

    Subscription options(UnaryOperator<RabbitMqOptionsBuilder> wanted) {
        options = wanted;
        return this;
    }

    Subscription group(String wanted) {
        group = wanted;
        return this;
    }

    Subscription topics(String... wanted) {
        topics = List.of(wanted);
        return this;
    }

    Subscription deadLetters(String queue) {
        deadLetters = queue;
        return this;
    }

    /** The user said that what fails is discarded. */
    Subscription discarding() {
        discards = true;
        return this;
    }

    /** Opens it, and lets everything happen that needs no time. */
    Subscription open() {
        open(heard);
        runtime.settle();
        return this;
    }

    void open(BackendListener listener) {
        consumer = another(listener);
    }

    RabbitMqConsumer another(BackendListener listener) {
        MessagingObserver observer = heard;
        ConsumerSpec spec = new ConsumerSpec(
                group, topics, StartPosition.NEWEST, OrderingMode.PARTITION, 16, 100_000, deadLetters, discards, heard);
        return RabbitMqConsumer.open(
                new BackendContext("client", runtime, heard, observer, Duration.ofSeconds(10)),
                options.apply(RabbitMqOptions.builder().url("amqp://localhost")).build(),
                broker,
                groups,
                new RabbitMqConsumer.Subscribed(spec, listener));
    }

    RabbitMqConsumer consumer() {
        if (consumer == null) {
            throw new IllegalStateException("open it first");
        }
        return consumer;
    }

    void settle() {
        runtime.settle();
    }

    void advance(Duration time) {
        runtime.advance(time);
    }

    @Override
    public void close() {
        runtime.close();
    }
}
