package io.microservicekit.messaging.rabbitmq;

import io.microservicekit.messaging.api.BackendOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Settings of the RabbitMQ backend. Immutable. */
public final class RabbitMqOptions implements BackendOptions {
    private final List<String> addresses;
    private final Supplier<RabbitMqCredentials> credentials;
    private final @Nullable RabbitMqTls tls;
    private final Map<String, Object> queueArguments;
    private final Map<String, Object> bindingArguments;
    private final String virtualHost;
    private final @Nullable String exchange;
    private final ExchangeType exchangeType;
    private final boolean defaultExchange;
    private final boolean durable;
    private final boolean autoAck;
    private final int prefetchCount;
    private final boolean confirm;
    private final QueueType queueType;
    private final boolean singleActiveConsumer;
    private final RabbitMqTopology topology;
    private final UnroutablePolicy unroutable;
    private final Duration heartbeat;
    private final Duration rpcTimeout;
    private final @Nullable String connectionName;
    private final Duration holdLimit;
    private final int maxHeld;
    private final int maxMessageBytes;
    private final int maxInboundBytes;

    RabbitMqOptions(RabbitMqOptionsBuilder builder, BrokerAddresses broker) {
        this.addresses = Collections.unmodifiableList(new ArrayList<>(broker.addresses()));
        this.credentials = broker.credentials();
        this.tls = broker.tls();
        this.queueArguments = Collections.unmodifiableMap(new LinkedHashMap<>(builder.queueArguments));
        this.bindingArguments = Collections.unmodifiableMap(new LinkedHashMap<>(builder.bindingArguments));
        this.virtualHost = broker.virtualHost();
        this.exchange = builder.exchange;
        this.exchangeType = builder.exchange == null ? ExchangeType.TOPIC : builder.exchangeTypeOrDefault();
        this.defaultExchange = builder.defaultExchange;
        this.durable = builder.durable;
        this.autoAck = builder.autoAck;
        this.prefetchCount = builder.prefetchCount;
        this.confirm = builder.confirm;
        this.queueType = builder.queueType;
        this.singleActiveConsumer = builder.singleActiveConsumer;
        this.topology = builder.topology;
        this.unroutable = builder.unroutable;
        this.heartbeat = builder.heartbeat;
        this.rpcTimeout = builder.rpcTimeout;
        this.connectionName = builder.connectionName;
        this.holdLimit = builder.holdLimit;
        this.maxHeld = builder.maxHeld;
        this.maxMessageBytes = builder.maxMessageBytes;
        this.maxInboundBytes = builder.maxInboundBytes;
    }

    /**
     * A builder with the defaults.
     *
     * @return a new builder, not thread-safe
     */
    public static RabbitMqOptionsBuilder builder() {
        return new RabbitMqOptionsBuilder();
    }

    @Override
    public String backendType() {
        return "rabbitmq";
    }

    /**
     * The brokers, in the order in which they are tried.
     *
     * @return {@code host:port} each, without duplicates
     */
    public List<String> addresses() {
        return addresses;
    }

    /**
     * Who we are.
     *
     * @return asked at each connection
     */
    public Supplier<RabbitMqCredentials> credentials() {
        return credentials;
    }

    /**
     * How connections are encrypted.
     *
     * @return null when they are not
     */
    public @Nullable RabbitMqTls tls() {
        return tls;
    }

    /**
     * Further arguments of declared queues.
     *
     * @return by name, in the order of the calls
     */
    public Map<String, Object> queueArguments() {
        return queueArguments;
    }

    /**
     * Arguments of the bindings; a headers exchange matches by them.
     *
     * @return by name, in the order of the calls
     */
    public Map<String, Object> bindingArguments() {
        return bindingArguments;
    }

    /**
     * The virtual host.
     *
     * @return its name, {@code /} unless set
     */
    public String virtualHost() {
        return virtualHost;
    }

    /**
     * The exchange that messages are sent to and group queues are bound to.
     *
     * @return its name, null for {@code amq.topic}, or for the default exchange when {@link #defaultExchange()}
     */
    public @Nullable String exchange() {
        return exchange;
    }

    /**
     * How the exchange chooses queues.
     *
     * @return the type; TOPIC when no exchange is named
     */
    public ExchangeType exchangeType() {
        return exchangeType;
    }

    /**
     * Whether messages go to the default exchange, the topic being the name of the queue.
     *
     * @return false unless set
     */
    public boolean defaultExchange() {
        return defaultExchange;
    }

    /**
     * Whether exchange, queues and messages survive a restart of the broker.
     *
     * @return true unless switched off
     */
    public boolean durable() {
        return durable;
    }

    /**
     * Whether the broker forgets a message once it is sent to a consumer.
     *
     * @return false unless switched on
     */
    public boolean autoAck() {
        return autoAck;
    }

    /**
     * How many deliveries that are neither parked nor held a consumer has at once.
     *
     * @return from 1 to 65,535
     */
    public int prefetchCount() {
        return prefetchCount;
    }

    /**
     * Whether the broker confirms each message.
     *
     * @return true unless switched off
     */
    public boolean confirm() {
        return confirm;
    }

    /**
     * How queues are declared.
     *
     * @return the type
     */
    public QueueType queueType() {
        return queueType;
    }

    /**
     * Whether one consumer of a queue at a time gets messages.
     *
     * @return false unless switched on
     */
    public boolean singleActiveConsumer() {
        return singleActiveConsumer;
    }

    /**
     * What is declared or checked.
     *
     * @return the mode
     */
    public RabbitMqTopology topology() {
        return topology;
    }

    /**
     * What becomes of a message that no queue takes.
     *
     * @return the policy
     */
    public UnroutablePolicy unroutable() {
        return unroutable;
    }

    /**
     * How often each side shows that it lives; a silent connection is dropped after 2.25 times as long.
     *
     * @return in whole seconds
     */
    public Duration heartbeat() {
        return heartbeat;
    }

    /**
     * How long the broker may take to answer a question on a channel.
     *
     * @return the limit
     */
    public Duration rpcTimeout() {
        return rpcTimeout;
    }

    /**
     * How the connections are named at the broker, before {@code -publishing} and {@code -consuming}.
     *
     * @return null for the client id
     */
    public @Nullable String connectionName() {
        return connectionName;
    }

    /**
     * How long a delivery may stay unacknowledged before its queue is consumed anew.
     *
     * @return the limit
     */
    public Duration holdLimit() {
        return holdLimit;
    }

    /**
     * How many parked or held deliveries free their room in the prefetch window.
     *
     * @return 0 or more
     */
    public int maxHeld() {
        return maxHeld;
    }

    /**
     * How large the value of a message may be.
     *
     * @return in bytes
     */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /**
     * How large the value of a received message may be.
     *
     * @return in bytes
     */
    public int maxInboundBytes() {
        return maxInboundBytes;
    }

    /** Without credentials. */
    @Override
    public String toString() {
        return "RabbitMqOptions[addresses=" + addresses + ", virtualHost=" + virtualHost + ", tls=" + tls
                + ", exchange="
                + exchange + ", exchangeType=" + exchangeType + ", durable=" + durable + ", autoAck=" + autoAck
                + ", prefetchCount=" + prefetchCount + ", confirm=" + confirm + ", queueType=" + queueType
                + ", topology="
                + topology + ", unroutable=" + unroutable + ", heartbeat=" + heartbeat + ", holdLimit=" + holdLimit
                + ", maxHeld=" + maxHeld + "]";
    }
}
