package io.microservicekit.messaging.rabbitmq;

import io.microservicekit.messaging.api.BackendOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of the RabbitMQ backend. Immutable. */
public final class RabbitMqOptions implements BackendOptions {
    private final List<String> urls;
    private final @Nullable String exchange;
    private final ExchangeType exchangeType;
    private final boolean durable;
    private final boolean autoAck;
    private final int prefetchCount;
    private final boolean confirm;
    private final QueueType queueType;
    private final Map<String, Object> queueArguments;
    private final boolean singleActiveConsumer;
    private final RabbitMqTopology topology;
    private final UnroutablePolicy unroutable;
    private final Map<String, Object> bindingArguments;
    private final Duration heartbeat;
    private final Duration holdLimit;
    private final int maxHeld;

    RabbitMqOptions(RabbitMqOptionsBuilder builder) {
        this.urls = Collections.unmodifiableList(new ArrayList<>(builder.urls));
        this.exchange = builder.exchange;
        this.exchangeType = builder.exchangeType;
        this.durable = builder.durable;
        this.autoAck = builder.autoAck;
        this.prefetchCount = builder.prefetchCount;
        this.confirm = builder.confirm;
        this.queueType = builder.queueType;
        this.queueArguments = Collections.unmodifiableMap(new LinkedHashMap<>(builder.queueArguments));
        this.singleActiveConsumer = builder.singleActiveConsumer;
        this.topology = builder.topology;
        this.unroutable = builder.unroutable;
        this.bindingArguments = Collections.unmodifiableMap(new LinkedHashMap<>(builder.bindingArguments));
        this.heartbeat = builder.heartbeat;
        this.holdLimit = builder.holdLimit;
        this.maxHeld = builder.maxHeld;
    }

    @Override
    public String backendType() {
        return "rabbitmq";
    }

    /** A builder with the defaults. */
    public static RabbitMqOptionsBuilder builder() {
        return new RabbitMqOptionsBuilder();
    }

    /** The addresses, in the order in which they are tried; with credentials. */
    public List<String> urls() {
        return urls;
    }

    /** The exchange of topics; null stands for {@code amq.topic}. */
    public @Nullable String exchange() {
        return exchange;
    }

    /** The type of the exchange. */
    public ExchangeType exchangeType() {
        return exchangeType;
    }

    /** Whether exchange, queues and messages survive a restart of the broker. */
    public boolean durable() {
        return durable;
    }

    /** Whether the broker forgets a message once it is sent to a consumer. */
    public boolean autoAck() {
        return autoAck;
    }

    /** How many deliveries that are neither parked nor held a consumer has at once. */
    public int prefetchCount() {
        return prefetchCount;
    }

    /** Whether the broker confirms each message. */
    public boolean confirm() {
        return confirm;
    }

    /** How queues are declared. */
    public QueueType queueType() {
        return queueType;
    }

    /** Further arguments of declared queues. */
    public Map<String, Object> queueArguments() {
        return queueArguments;
    }

    /** Whether one consumer of a queue at a time gets messages. */
    public boolean singleActiveConsumer() {
        return singleActiveConsumer;
    }

    /** What is declared or checked. */
    public RabbitMqTopology topology() {
        return topology;
    }

    /** What becomes of unroutable messages. */
    public UnroutablePolicy unroutable() {
        return unroutable;
    }

    /** Arguments of bindings; a headers exchange matches by them. */
    public Map<String, Object> bindingArguments() {
        return bindingArguments;
    }

    /** How often each side shows that it lives. */
    public Duration heartbeat() {
        return heartbeat;
    }

    /** How long a delivery may stay unacknowledged before its queue is taken anew. */
    public Duration holdLimit() {
        return holdLimit;
    }

    /** How many parked or held deliveries a consumer has at the most before it takes no more. */
    public int maxHeld() {
        return maxHeld;
    }

    @Override
    public String toString() {
        return "RabbitMqOptions[exchange=" + exchange + "]";
    }
}
