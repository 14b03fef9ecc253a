package io.microservicekit.messaging.rabbitmq;

import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects RabbitMQ options. Not thread-safe. */
public final class RabbitMqOptionsBuilder {
    final List<String> urls = new ArrayList<>();
    final List<String> brokers = new ArrayList<>();
    final Map<String, Object> queueArguments = new LinkedHashMap<>();
    final Map<String, Object> bindingArguments = new LinkedHashMap<>();

    @Nullable Supplier<RabbitMqCredentials> credentials;

    @Nullable RabbitMqTls tls;

    @Nullable String virtualHost;

    @Nullable String exchange;

    @Nullable ExchangeType exchangeType;

    boolean defaultExchange;
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
    int maxMessageBytes = 16 << 20;
    int maxInboundBytes = 64 << 20;

    RabbitMqOptionsBuilder() {}

    /**
     * Adds addresses with everything in them: {@code amqp://user:password@host:port/virtual-host}, or {@code amqps} for TLS. What is left out has the
     * default: port 5672 (5671 with TLS), user and password {@code guest}, virtual host {@code /}. Special characters are percent-encoded. Several are
     * tried in their order; they must agree in all but host and port.
     *
     * @param urls one or several, or several in one text with commas between
     * @return this builder
     */
    public RabbitMqOptionsBuilder url(String... urls) {
        for (String url : Objects.requireNonNull(urls, "urls")) {
            this.urls.addAll(Arrays.asList(Objects.requireNonNull(url, "url").split(",(?=\\s*amqps?://)", -1)));
        }
        return this;
    }

    /**
     * Adds addresses without credentials; they come before those of {@link #url}.
     *
     * @param brokers {@code host:port} or {@code host} each
     * @return this builder
     */
    public RabbitMqOptionsBuilder brokers(String... brokers) {
        return brokers(Arrays.asList(Objects.requireNonNull(brokers, "brokers")));
    }

    /**
     * Adds addresses without credentials; they come before those of {@link #url}.
     *
     * @param brokers {@code host:port} or {@code host} each
     * @return this builder
     */
    public RabbitMqOptionsBuilder brokers(List<String> brokers) {
        Objects.requireNonNull(brokers, "brokers")
                .forEach(broker -> this.brokers.add(Objects.requireNonNull(broker, "broker")));
        return this;
    }

    /**
     * Says who we are; not together with credentials in a URL.
     *
     * @param user the user
     * @param password the password, asked for at each connection
     * @return this builder
     */
    public RabbitMqOptionsBuilder credentials(String user, Secret password) {
        RabbitMqCredentials fixed = new RabbitMqCredentials(user, password);
        return credentials(() -> fixed);
    }

    /**
     * Says who we are where user and password change together; not together with credentials in a URL.
     *
     * @param credentials asked at each connection, on a thread of the client; must answer quickly. Its exceptions end the attempt; their texts are not
     *     shown
     * @return this builder
     */
    public RabbitMqOptionsBuilder credentials(Supplier<RabbitMqCredentials> credentials) {
        this.credentials = Objects.requireNonNull(credentials, "credentials");
        return this;
    }

    /**
     * Encrypts the connections; the broker's certificates and host name are always verified. {@code amqps} in a URL alone trusts the authorities that
     * this Java trusts.
     *
     * @param tls what to trust and who we are, default no encryption
     * @return this builder
     */
    public RabbitMqOptionsBuilder tls(RabbitMqTls tls) {
        this.tls = Objects.requireNonNull(tls, "tls");
        return this;
    }

    /**
     * Adds an argument of the group queues that are declared.
     *
     * @param name for example {@code x-max-length}; what another option sets, or what would break a promise of this library, is refused by
     *     {@link #build()} with the reason
     * @param value a text, a whole number or a truth value
     * @return this builder
     */
    public RabbitMqOptionsBuilder queueArgument(String name, Object value) {
        queueArguments.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return this;
    }

    /**
     * Adds an argument of the bindings; a headers exchange needs at least one.
     *
     * @param name a header, or {@code x-match}
     * @param value a text, a whole number or a truth value
     * @return this builder
     */
    public RabbitMqOptionsBuilder bindingArgument(String name, Object value) {
        bindingArguments.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return this;
    }

    /**
     * Sets the virtual host; one in a URL must be the same.
     *
     * @param virtualHost the name, default {@code /}
     * @return this builder
     */
    public RabbitMqOptionsBuilder virtualHost(String virtualHost) {
        this.virtualHost = Objects.requireNonNull(virtualHost, "virtualHost");
        return this;
    }

    /**
     * Sends to an exchange of this name and binds the queues of groups to it.
     *
     * @param exchange the name, 1 to 255 bytes of UTF-8, default {@code amq.topic}
     * @return this builder
     */
    public RabbitMqOptionsBuilder exchange(String exchange) {
        this.exchange = Objects.requireNonNull(exchange, "exchange");
        return this;
    }

    /**
     * Sets how the exchange chooses queues. Needs {@link #exchange}.
     *
     * @param exchangeType default {@link ExchangeType#DIRECT}
     * @return this builder
     */
    public RabbitMqOptionsBuilder exchangeType(ExchangeType exchangeType) {
        this.exchangeType = Objects.requireNonNull(exchangeType, "exchangeType");
        return this;
    }

    /**
     * Sends to the default exchange, the topic being the name of the queue, and consumes the queue that is named as the one subscribed topic: what the Go library does without an exchange. Not with {@link #exchange}.
     *
     * @param defaultExchange default false
     * @return this builder
     */
    public RabbitMqOptionsBuilder defaultExchange(boolean defaultExchange) {
        this.defaultExchange = defaultExchange;
        return this;
    }

    /**
     * Sets whether exchange, queues and messages survive a restart of the broker. Without it a restart loses messages that were confirmed.
     *
     * @param durable default true
     * @return this builder
     */
    public RabbitMqOptionsBuilder durable(boolean durable) {
        this.durable = durable;
        return this;
    }

    /**
     * Sets whether the broker forgets a message once it is sent to a consumer: what is not handled by then is lost. Needs consumers without retry and dead letters whose exhausted messages are discarded.
     *
     * @param autoAck default false
     * @return this builder
     */
    public RabbitMqOptionsBuilder autoAck(boolean autoAck) {
        this.autoAck = autoAck;
        return this;
    }

    /**
     * Bounds how many deliveries that are neither parked nor held a consumer has at once; at least twice the concurrency where keys are in order or nothing is.
     *
     * @param prefetchCount from 1 to 65,535, default 10
     * @return this builder
     */
    public RabbitMqOptionsBuilder prefetchCount(int prefetchCount) {
        this.prefetchCount = prefetchCount;
        return this;
    }

    /**
     * Sets whether the broker confirms each message. Without it a send succeeds once it is written, whether or not it arrives; dead letters are confirmed all the same.
     *
     * @param confirm default true
     * @return this builder
     */
    public RabbitMqOptionsBuilder confirm(boolean confirm) {
        this.confirm = confirm;
        return this;
    }

    /**
     * Sets how queues are declared.
     *
     * @param queueType default {@link QueueType#CLASSIC}; {@link QueueType#QUORUM} is recommended
     * @return this builder
     */
    public RabbitMqOptionsBuilder queueType(QueueType queueType) {
        this.queueType = Objects.requireNonNull(queueType, "queueType");
        return this;
    }

    /**
     * Sets whether one consumer of a queue at a time gets messages, so that their order holds across consumers. Held messages then take room in the prefetch window.
     * A queue that is there without it fails the subscription (TOPOLOGY_MISMATCH); queues of dead letters that this client declares have it too.
     *
     * @param singleActiveConsumer default false
     * @return this builder
     */
    public RabbitMqOptionsBuilder singleActiveConsumer(boolean singleActiveConsumer) {
        this.singleActiveConsumer = singleActiveConsumer;
        return this;
    }

    /**
     * Sets what is declared or checked.
     *
     * @param topology default {@link RabbitMqTopology#CREATE}
     * @return this builder
     */
    public RabbitMqOptionsBuilder topology(RabbitMqTopology topology) {
        this.topology = Objects.requireNonNull(topology, "topology");
        return this;
    }

    /**
     * Sets what becomes of a message that no queue takes.
     *
     * @param unroutable default {@link UnroutablePolicy#FAIL}
     * @return this builder
     */
    public RabbitMqOptionsBuilder unroutable(UnroutablePolicy unroutable) {
        this.unroutable = Objects.requireNonNull(unroutable, "unroutable");
        return this;
    }

    /**
     * Sets how often each side shows that it lives; a silent connection is dropped after 2.25 times as long.
     *
     * @param heartbeat from 1 s to 5 min in whole seconds, default 10 s
     * @return this builder
     */
    public RabbitMqOptionsBuilder heartbeat(Duration heartbeat) {
        this.heartbeat = Objects.requireNonNull(heartbeat, "heartbeat");
        return this;
    }

    /**
     * Sets how long a delivery may stay unacknowledged before its queue is consumed anew and the unfinished messages come again, in order. Must be less than half of the {@code consumer_timeout} of the broker (30 min unless changed there).
     *
     * @param holdLimit from 1 s to 24 h, default 10 min
     * @return this builder
     */
    public RabbitMqOptionsBuilder holdLimit(Duration holdLimit) {
        this.holdLimit = Objects.requireNonNull(holdLimit, "holdLimit");
        return this;
    }

    /**
     * Bounds how many deliveries that wait for a retry or for their dead letter free their room in the prefetch window.
     *
     * @param maxHeld from 0 to 100,000, default 1,000
     * @return this builder
     */
    public RabbitMqOptionsBuilder maxHeld(int maxHeld) {
        this.maxHeld = maxHeld;
        return this;
    }

    /**
     * Bounds how large the value of a sent message may be: no more than the broker takes ({@code max_message_size}).
     *
     * @param maxMessageBytes from 1 B to 512 MiB, default 16 MiB, which is what RabbitMQ 4 takes
     * @return this builder
     */
    public RabbitMqOptionsBuilder maxMessageBytes(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
        return this;
    }

    /**
     * Bounds how large the value of a received message may be. A larger one ends the connection; when it comes again and again the subscription that it comes for fails with that reason.
     *
     * @param maxInboundBytes from 1 KiB to 512 MiB, default 64 MiB
     * @return this builder
     */
    public RabbitMqOptionsBuilder maxInboundBytes(int maxInboundBytes) {
        this.maxInboundBytes = maxInboundBytes;
        return this;
    }

    /**
     * The options.
     *
     * @return immutable options
     * @throws InvalidConfigurationException NO_BROKERS when no address was given; INVALID_CONFIG naming at once all addresses that cannot be read, all
     *     values out of range, refused arguments and contradictions; never a password
     */
    public RabbitMqOptions build() {
        List<String> violations = new ArrayList<>();
        BrokerAddresses broker = BrokerAddresses.of(this, violations);
        new OptionChecks(violations).check(this);
        OptionChecks.done(violations, urls.isEmpty() && brokers.isEmpty());
        return new RabbitMqOptions(this, broker);
    }

    ExchangeType exchangeTypeOrDefault() {
        return exchangeType == null ? ExchangeType.DIRECT : exchangeType;
    }
}
