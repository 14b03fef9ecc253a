package io.microservicekit.messaging.rabbitmq;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects RabbitMQ options. Not thread-safe. */
public final class RabbitMqOptionsBuilder {
    final List<String> urls = new ArrayList<>();
    final Map<String, Object> queueArguments = new LinkedHashMap<>();
    final Map<String, Object> bindingArguments = new LinkedHashMap<>();

    @Nullable String exchange;

    ExchangeType exchangeType = ExchangeType.DIRECT;
    boolean durable = true;
    boolean autoAck = false;
    int prefetchCount = 10;
    boolean confirm = true;
    QueueType queueType = QueueType.CLASSIC;
    boolean singleActiveConsumer = false;
    RabbitMqTopology topology = RabbitMqTopology.CREATE;
    UnroutablePolicy unroutable = UnroutablePolicy.FAIL;
    Duration heartbeat = Duration.ofSeconds(10);
    Duration holdLimit = Duration.ofMinutes(10);
    int maxHeld = 1_000;

    RabbitMqOptionsBuilder() {}

    /** Adds addresses. */
    public RabbitMqOptionsBuilder url(String... urls) {
        this.urls.addAll(Arrays.asList(urls));
        return this;
    }

    /** Adds an argument of declared queues. */
    public RabbitMqOptionsBuilder queueArgument(String name, Object value) {
        queueArguments.put(name, value);
        return this;
    }

    /** Adds an argument of bindings. */
    public RabbitMqOptionsBuilder bindingArgument(String name, Object value) {
        bindingArguments.put(name, value);
        return this;
    }

    /** Sets exchange. */
    public RabbitMqOptionsBuilder exchange(String exchange) {
        this.exchange = exchange;
        return this;
    }

    /** Sets exchangeType. */
    public RabbitMqOptionsBuilder exchangeType(ExchangeType exchangeType) {
        this.exchangeType = exchangeType;
        return this;
    }

    /** Sets durable. */
    public RabbitMqOptionsBuilder durable(boolean durable) {
        this.durable = durable;
        return this;
    }

    /** Sets autoAck. */
    public RabbitMqOptionsBuilder autoAck(boolean autoAck) {
        this.autoAck = autoAck;
        return this;
    }

    /** Sets prefetchCount. */
    public RabbitMqOptionsBuilder prefetchCount(int prefetchCount) {
        this.prefetchCount = prefetchCount;
        return this;
    }

    /** Sets confirm. */
    public RabbitMqOptionsBuilder confirm(boolean confirm) {
        this.confirm = confirm;
        return this;
    }

    /** Sets queueType. */
    public RabbitMqOptionsBuilder queueType(QueueType queueType) {
        this.queueType = queueType;
        return this;
    }

    /** Sets singleActiveConsumer. */
    public RabbitMqOptionsBuilder singleActiveConsumer(boolean singleActiveConsumer) {
        this.singleActiveConsumer = singleActiveConsumer;
        return this;
    }

    /** Sets topology. */
    public RabbitMqOptionsBuilder topology(RabbitMqTopology topology) {
        this.topology = topology;
        return this;
    }

    /** Sets unroutable. */
    public RabbitMqOptionsBuilder unroutable(UnroutablePolicy unroutable) {
        this.unroutable = unroutable;
        return this;
    }

    /** Sets heartbeat. */
    public RabbitMqOptionsBuilder heartbeat(Duration heartbeat) {
        this.heartbeat = heartbeat;
        return this;
    }

    /** Sets holdLimit. */
    public RabbitMqOptionsBuilder holdLimit(Duration holdLimit) {
        this.holdLimit = holdLimit;
        return this;
    }

    /** Sets maxHeld. */
    public RabbitMqOptionsBuilder maxHeld(int maxHeld) {
        this.maxHeld = maxHeld;
        return this;
    }

    /** The options. */
    public RabbitMqOptions build() {
        return new RabbitMqOptions(this);
    }
}
