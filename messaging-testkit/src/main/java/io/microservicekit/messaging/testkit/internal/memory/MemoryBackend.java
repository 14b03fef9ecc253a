package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.Capability;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import io.microservicekit.messaging.api.spi.TopicNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One client's connection to the in-memory broker: one loop for all its sends, one for each consumer. */
final class MemoryBackend implements Backend {
    private final Cluster cluster;
    private final BackendContext context;
    private final Loop loop;
    private final List<MemoryProducer> producers = new ArrayList<>();
    private final List<MemoryConsumer> consumers = new ArrayList<>();
    private @Nullable CompletableFuture<Void> closed;

    MemoryBackend(Cluster cluster, BackendContext context) {
        this.cluster = cluster;
        this.context = context;
        this.loop = context.runtime().loop("memory-producer");
        cluster.locked(() -> cluster.add(this));
    }

    BackendContext context() {
        return context;
    }

    Cluster cluster() {
        return cluster;
    }

    @Override
    public Set<Capability> capabilities() {
        return cluster.capabilities();
    }

    @Override
    public BackendProducer producer(ProducerSpec spec) {
        MemoryProducer producer = new MemoryProducer(this, loop);
        cluster.locked(() -> producers.add(producer));
        return producer;
    }

    @Override
    public BackendConsumer consumer(ConsumerSpec spec, BackendListener listener) {
        checkTopics("Subscribing", spec);
        if (!spec.startPosition().equals(StartPosition.NEWEST)
                && !capabilities().contains(Capability.REPLAY)) {
            throw new InvalidConfigurationException(
                    ErrorCode.CAPABILITY_MISSING,
                    "Creating a consumer of group '" + spec.group()
                            + "' with start position " + spec.startPosition()
                            + " failed: queues keep no past. Use NEWEST, or a broker"
                            + " with topics.");
        }
        return cluster.locked(() -> {
            MemoryConsumer consumer = new MemoryConsumer(cluster, context, spec, listener);
            consumers.add(consumer);
            cluster.add(consumer);
            consumer.wake();
            return consumer;
        });
    }

    /** What a broker with partitions refuses is refused here too: a test with this one would else pass for what fails with that. */
    private void checkTopics(String what, ConsumerSpec spec) {
        for (String topic : spec.topics()) {
            if (capabilities().contains(Capability.PARTITIONS) && !TopicNames.isValid(topic)) {
                throw new InvalidConfigurationException(
                        ErrorCode.INVALID_CONFIG,
                        what + " group '" + Shown.text(spec.group()) + "' was not tried: there is no topic '"
                                + Shown.text(topic) + "' on a broker with partitions. " + TopicNames.RULE);
            }
        }
    }

    @Override
    public CompletableFuture<Void> probe() {
        return whenConnected("Probing the in-memory broker", () -> {});
    }

    @Override
    public CompletableFuture<Void> provision(ConsumerSpec spec) {
        checkTopics("Provisioning", spec);
        return whenConnected(
                "Provisioning group '" + spec.group() + "' on the in-memory broker",
                () -> cluster.group(spec.group()).provision(spec.topics()));
    }

    @Override
    public CompletableFuture<Void> unbind(String group, String topic) {
        return cluster.flavour() instanceof QueueFlavour queues
                ? whenConnected(
                        "Unbinding topic '" + topic + "' from group '" + group + "' on the in-memory broker",
                        () -> queues.unbind(topic, group))
                : Backend.super.unbind(group, topic);
    }

    /** Does something under the lock, on the loop of the sends. */
    private CompletableFuture<Void> whenConnected(String attempt, Runnable action) {
        CompletableFuture<Void> answer = context.runtime().future();
        boolean accepted = submit(() -> {
            boolean done = cluster.locked(() -> {
                if (cluster.connected()) {
                    action.run();
                }
                return cluster.connected();
            });
            if (done) {
                answer.complete(null);
            } else {
                answer.completeExceptionally(
                        unavailable(attempt, "the broker was disconnected by the test, reconnect() ends it"));
            }
        });
        if (!accepted) {
            answer.completeExceptionally(unavailable(attempt, "the backend is closed"));
        }
        return answer;
    }

    private BackendUnavailableException unavailable(String attempt, String reason) {
        return new BackendUnavailableException(
                ErrorCode.NO_BROKERS_AVAILABLE,
                attempt + " for client '" + context.clientId() + "' failed: " + reason + ".");
    }

    /** Runs a task on the loop of the sends unless the backend is closed; after that nothing would ever run it. */
    boolean submit(Runnable task) {
        return cluster.locked(() -> {
            if (closed == null) {
                loop.execute(task);
            }
            return closed == null;
        });
    }

    /** Under the lock. */
    void connectionLost() {
        loop.execute(() -> cluster.locked(() -> new ArrayList<>(producers)).forEach(MemoryProducer::connectionLost));
    }

    @Override
    public CompletableFuture<Void> close(Duration limit) {
        return cluster.locked(() -> {
            CompletableFuture<Void> ending = closed;
            if (ending == null) {
                ending = context.runtime().future();
                closed = ending;
                consumers.forEach(MemoryConsumer::beginClose);
                end(ending);
            }
            return ending;
        });
    }

    private void end(CompletableFuture<Void> ending) {
        loop.execute(() -> {
            cluster.locked(() -> new ArrayList<>(producers)).forEach(MemoryProducer::abandon);
            cluster.locked(() -> cluster.remove(this));
            ending.complete(null);
            loop.close();
        });
    }
}
