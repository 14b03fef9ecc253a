package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.Capability;
import io.microservicekit.messaging.api.ClientStats;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.HealthReport;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import io.microservicekit.messaging.core.internal.shared.Registry;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** The client: hands out producers and consumers, and closes everything in order. */
final class CoreClient implements MessagingClient {
    private final ClientParts parts;
    private final Registry<CoreProducer> producers = new Registry<>();
    private final Registry<CoreConsumer> consumers = new Registry<>();
    private final ClientHealth health;
    private final ClientShutdown shutdown;
    private final Provisioning provisioning;

    CoreClient(ClientParts parts) {
        this.parts = parts;
        this.health = new ClientHealth(parts, producers, consumers);
        this.shutdown = new ClientShutdown(parts, producers, consumers);
        this.provisioning = new Provisioning(parts);
    }

    @Override
    public MessageProducer producer(ProducerOptions options) {
        Objects.requireNonNull(options, "options");
        checkOpen("Making a producer");
        CoreProducer producer = new CoreProducer(parts, options, memberOf(producers));
        if (!producers.add(producer)) {
            CompletableFuture<?> unused = producer.closeAsync(Duration.ZERO);
            throw parts.clientClosed("Making a producer");
        }
        return producer;
    }

    @Override
    public MessageConsumer consumer(String group, ConsumerOptions options) {
        Objects.requireNonNull(options, "options");
        checkOpen("Making a consumer");
        Names.checkGroup("Making a consumer", group);
        checkCapabilities(group, options);
        checkDeadLetterProducer(group, options);
        CoreConsumer consumer = new CoreConsumer(parts, group, options, memberOf(consumers));
        if (!consumers.add(consumer)) {
            CompletableFuture<?> unused = consumer.closeDeadLetters(Duration.ZERO);
            throw parts.clientClosed("Making a consumer");
        }
        return consumer;
    }

    @Override
    public void provision(String group, List<String> topics) {
        String attempt = "Provisioning group '" + Shown.text(group) + "'";
        checkOpen(attempt);
        Names.checkGroup("Provisioning a group", group);
        Names.checkTopics(attempt, topics);
        provisioning.provision(attempt, group, topics);
    }

    @Override
    public void unbind(String group, String topic) {
        String attempt = "Unbinding topic '" + Shown.text(topic) + "' from group '" + Shown.text(group) + "'";
        checkOpen(attempt);
        Names.checkGroup("Unbinding a topic", group);
        Names.checkTopics(attempt, Collections.singletonList(topic));
        if (consumers.members().stream().anyMatch(consumer -> consumer.subscribes(group, topic))) {
            throw new InvalidConfigurationException(
                    ErrorCode.INVALID_CONFIG,
                    attempt + " was not tried: a consumer of this client subscribes it. Close its subscription first.");
        }
        provisioning.unbind(attempt, group, topic);
    }

    private <T> Membership<T> memberOf(Registry<T> registry) {
        if (parts.opened() == Opened.CLIENT) {
            return registry::remove;
        }
        return new Membership<>() {
            @Override
            public void left(T member) {
                registry.remove(member);
            }

            @Override
            public boolean closesClient(Duration limit) {
                shutdown(limit);
                return true;
            }
        };
    }

    @Override
    public ClientStats stats() {
        return new ClientStats(
                producers.size(), consumers.size(), !parts.lifecycle().isRunning());
    }

    /** Before a broker has answered nobody knows; the adapter finds out when it subscribes. */
    private void checkCapabilities(String group, ConsumerOptions options) {
        if (!options.startPosition().equals(StartPosition.NEWEST)
                && parts.connected().get()
                && !parts.backend().capabilities().contains(Capability.REPLAY)) {
            throw new InvalidConfigurationException(
                    ErrorCode.CAPABILITY_MISSING,
                    "Making a consumer of group '" + group
                            + "' was not tried: the backend cannot start at " + options.startPosition() + ", it keeps"
                            + " no messages for new groups. Use StartPosition.NEWEST and subscribe before sending.");
        }
    }

    /** A foreign one knows no other way than that of messages. */
    private void checkDeadLetterProducer(String group, ConsumerOptions options) {
        MessageProducer users = options.deadLetterProducer();
        if (users != null && !(users instanceof CoreProducer) && parts.backend().separatesDeadLetters()) {
            throw new InvalidConfigurationException(
                    ErrorCode.INVALID_CONFIG,
                    "Making a consumer of group '" + group + "' was not tried: its dead letters would go through "
                            + users.getClass().getName() + ", which is no producer of this library and would send them"
                            + " the way of messages, where they may come back for ever. Give the producer that a client"
                            + " has made, or none.");
        }
    }

    private void checkOpen(String what) {
        if (!parts.lifecycle().isRunning()) {
            throw parts.clientClosed(what);
        }
    }

    @Override
    public void healthCheck(Duration limit) {
        Objects.requireNonNull(limit, "limit");
        health.check(limit);
    }

    @Override
    public HealthReport health() {
        return health.report();
    }

    private CompletableFuture<ShutdownReport> shutdownAsync(Duration deadline) {
        parts.lifecycle().beginClosing();
        return shutdown.begin(deadline);
    }

    @Override
    public ShutdownReport shutdown(Duration deadline) {
        Objects.requireNonNull(deadline, "deadline");
        ShutdownReport report = new Edge(parts.runtime()).shutdown(deadline, this::shutdownAsync);
        if (parts.runtime().place() != Place.OUTSIDE) {
            return report;
        }
        ShutdownReport told = shutdown.endNow();
        shutdown.endThreads();
        return told;
    }

    @Override
    public void close() {
        shutdown(Limits.FOREVER);
    }
}
