package io.microservicekit.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A broker, a simulated world, and clients that speak to the backend port itself. */
final class MemoryWorld implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long SEED = Long.getLong("seed", 1);

    final SimulatedRuntime runtime = SimulatedRuntime.seeded(SEED);
    final MemoryBroker broker;
    private final Backend sender;
    final BackendProducer producer;
    private final List<CompletableFuture<SendResult>> sends = new ArrayList<>();

    MemoryWorld(MemoryBroker broker) {
        this.broker = broker;
        this.sender = client("sender");
        this.producer = sender.producer(ProducerSpec.defaults(System.getLogger("test")));
    }

    Backend client(String id) {
        return broker.open(new BackendContext(
                id, runtime.scope(id), System.getLogger("test"), new MessagingObserver() {}, Duration.ofSeconds(10)));
    }

    BackendConsumer join(String client, BackendListener listener, String... topics) {
        return join(client, StartPosition.NEWEST, listener, topics);
    }

    BackendConsumer join(String client, StartPosition start, BackendListener listener, String... topics) {
        ConsumerSpec spec = new ConsumerSpec(
                "group", List.of(topics), start, OrderingMode.PARTITION, 16, 100_000, "dead", System.getLogger("test"));
        BackendConsumer consumer = client(client).consumer(spec, listener);
        runtime.settle();
        return consumer;
    }

    void send(String topic, String... values) {
        for (String value : values) {
            sends.add(producer.send(Message.builder(topic).valueText(value).build(), TIMEOUT));
        }
        runtime.settle();
    }

    /** Sends a message that must be confirmed. */
    void put(Message message) {
        sends.add(send(message));
        assertThat(sends.get(sends.size() - 1)).isCompleted();
    }

    CompletableFuture<SendResult> send(Message message) {
        CompletableFuture<SendResult> sent = producer.send(message, TIMEOUT);
        runtime.settle();
        return sent;
    }

    static SendException failure(CompletableFuture<SendResult> sent) {
        try {
            throw new AssertionError("delivered: " + sent.getNow(null));
        } catch (CompletionException e) {
            return (SendException) e.getCause();
        }
    }

    @Override
    public void close() {
        runtime.close();
    }
}
