package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.Capability;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.internal.consume.RabbitMqConsumer;
import io.microservicekit.messaging.rabbitmq.internal.driver.DriverConnector;
import io.microservicekit.messaging.rabbitmq.internal.driver.DriverSettings;
import io.microservicekit.messaging.rabbitmq.internal.shared.GroupTopics;
import io.microservicekit.messaging.rabbitmq.internal.shared.LastAddress;
import io.microservicekit.messaging.rabbitmq.internal.topology.Provisioning;
import io.microservicekit.messaging.rabbitmq.internal.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The two connections of one client: a broker that is short of memory stops reading from those that publish, and consumers must still be able to
 * acknowledge.
 */
final class RabbitMqBackend implements Backend {
    private static final Set<Capability> CAPABILITIES = Collections.unmodifiableSet(EnumSet.noneOf(Capability.class));
    private static final String DEFAULT_EXCHANGE = "";
    private static final String EXCHANGE_OF_TOPICS = "amq.topic";

    /** Longer than the connections take that are closed by the limit. */
    private static final Duration CUT_AFTER = Duration.ofMillis(900);

    private final RabbitMqOptions options;
    private final BackendContext context;
    private final ConnectionSupervisor publishing;
    private final ConnectionSupervisor consuming;
    private final LastAddress lastAddress = new LastAddress();
    private final List<DriverConnector> connectors = new ArrayList<>();
    private final GroupTopics groups = new GroupTopics();

    RabbitMqBackend(RabbitMqOptions options, BackendContext context, DriverSettings settings) {
        this.options = options;
        this.context = context;
        this.publishing = connection("publishing", settings.alsoReceiving(options.maxMessageBytes()));
        this.consuming = connection("consuming", settings);
    }

    private ConnectionSupervisor connection(String use, DriverSettings settings) {
        String prefix = options.connectionName();
        String name = (prefix == null ? context.clientId() : prefix) + "-" + use;
        Loop loop = context.runtime().loop(name);
        DriverConnector connector = new DriverConnector(settings, lastAddress, context, loop);
        connectors.add(connector);
        return new ConnectionSupervisor(connector, context.runtime(), loop, name, context.logger());
    }

    /** None: it has no partitions, keeps nothing to read again, and needs a driver's threads. */
    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public BackendProducer producer(ProducerSpec spec) {
        Topology topology = new Topology(options);
        RabbitMqProducer producer = new RabbitMqProducer(
                publishing,
                context.runtime(),
                new RabbitMqProducer.Settings(
                        exchange(options),
                        options.confirm(),
                        options.unroutable(),
                        options.maxMessageBytes(),
                        Math.max(options.maxMessageBytes(), options.maxInboundBytes()),
                        spec.logger()),
                Preparation.of(context.runtime(), exchange(options), topology.stepsOfSending(), topology.declares()),
                consuming::exchangeMissing);
        producer.start();
        return producer;
    }

    /** Through the default exchange: in the configured one they could come back to their source. */
    @Override
    public boolean separatesDeadLetters() {
        return !options.defaultExchange();
    }

    static String exchange(RabbitMqOptions options) {
        if (options.defaultExchange()) {
            return DEFAULT_EXCHANGE;
        }
        String named = options.exchange();
        return named == null ? EXCHANGE_OF_TOPICS : named;
    }

    @Override
    public BackendConsumer consumer(ConsumerSpec spec, BackendListener listener) {
        return RabbitMqConsumer.open(
                context, options, consuming, groups, new RabbitMqConsumer.Subscribed(spec, listener));
    }

    /** On the connection for publishing, which is there already: who provisions is going to send. */
    @Override
    public CompletableFuture<Void> provision(ConsumerSpec spec) {
        Topology topology = new Topology(options);
        String attempt = "Provisioning group '" + Shown.text(spec.group()) + "' for " + Shown.text(spec.topics());
        check(attempt, topology.problem(spec.topics()));
        return begun(new Provisioning(
                context, publishing, attempt, topology.declares(), presence -> topology.steps(spec, presence, true)));
    }

    @Override
    public CompletableFuture<Void> unbind(String group, String topic) {
        Topology topology = new Topology(options);
        String attempt = "Unbinding topic '" + Shown.text(topic) + "' from group '" + Shown.text(group) + "'";
        check(attempt, topology.problemOfUnbinding());
        return begun(new Provisioning(
                context, publishing, attempt, true, presence -> topology.stepsOfUnbinding(group, topic)));
    }

    private static void check(String attempt, @Nullable String problem) {
        if (problem != null) {
            throw new InvalidConfigurationException(ErrorCode.INVALID_CONFIG, attempt + " failed: " + problem);
        }
    }

    /** Ends at once when the broker does not take us: waiting for it changes nothing. */
    private CompletableFuture<Void> begun(Provisioning provisioning) {
        if (publishing.impediment() != null) {
            var unused = publishing.probe().whenComplete((nothing, error) -> {
                if (error instanceof MessagingException own && own.code() != ErrorCode.NO_BROKERS_AVAILABLE) {
                    provisioning.failed(own);
                }
            });
        }
        return provisioning.begin();
    }

    @Override
    public CompletableFuture<Void> probe() {
        CompletableFuture<Void> answer = context.runtime().future();
        CompletableFuture<Void> one = publishing.probe();
        CompletableFuture<Void> other = consuming.probePresent();
        failsWith(one, answer);
        failsWith(other, answer);
        var unused = one.thenAcceptBoth(other, (first, second) -> answer.complete(null));
        return answer;
    }

    /** At once: the other may be silent for long. */
    private static void failsWith(CompletableFuture<Void> question, CompletableFuture<Void> answer) {
        var unused = question.whenComplete((nothing, error) -> {
            if (error != null) {
                answer.completeExceptionally(error);
            }
        });
    }

    @Override
    public CompletableFuture<Void> close(Duration limit) {
        CompletableFuture<Void> closed = context.runtime().future();
        var unused = publishing
                .close(limit)
                .thenCombine(consuming.close(limit), (one, other) -> null)
                .whenComplete((nothing, error) -> closed.complete(null));
        cutAfter(closed, limit);
        return closed;
    }

    /** A client that is ended by force ends its loops as well, maybe before they have come to closing the connections: those would stay, with all they hold. */
    private void cutAfter(CompletableFuture<Void> closed, Duration limit) {
        try {
            context.runtime().ioThread("rabbitmq-end", () -> {
                // Until then, or until the client's end interrupts this thread.
                context.runtime().awaitDrain(closed, limit.plus(CUT_AFTER));
                cut();
            });
        } catch (RuntimeException | Error e) { // the client's threads have ended, or there is none for it
            cut();
        }
    }

    private void cut() {
        connectors.forEach(DriverConnector::cut);
    }
}
