package io.microservicekit.messaging.core;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.testkit.MemoryBroker;
import io.microservicekit.messaging.testkit.MemoryBrokerBuilder;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A broker with the topic {@code orders}, clients of the group {@code shop}, virtual time, and a record of every handler call. */
final class SimWorld implements AutoCloseable {
    static final String TOPIC = "orders";
    static final String DEAD = "orders-dlq";
    static final String GROUP = "shop";

    final SimulatedRuntime sim = SimulatedRuntime.seeded(1);
    final MemoryBroker broker;
    final RecordedLog log = new RecordedLog();
    final RecordedEvents events = new RecordedEvents();
    final List<Call> calls = new ArrayList<>();
    private @Nullable MessageProducer sender;

    private SimWorld(MemoryBroker broker) {
        this.broker = broker;
    }

    static SimWorld topics(int partitions) {
        return new SimWorld(MemoryBroker.builder().partitions(partitions).build());
    }

    static SimWorld of(MemoryBrokerBuilder broker) {
        return new SimWorld(broker.build());
    }

    MessagingClientBuilder builder(String clientId) {
        return MessagingClients.builder()
                .backend(broker.options())
                .runtime(sim)
                .clientId(clientId)
                .logger(log)
                .observer(events);
    }

    MessagingClient client(String clientId) {
        return builder(clientId).build();
    }

    /** Subscribes a new client to the topic and waits until it is ready. */
    Subscription subscribe(String clientId, ConsumerOptions options, MessageHandler handler) {
        return subscribe(client(clientId), options, handler);
    }

    Subscription subscribe(MessagingClient client, ConsumerOptions options, MessageHandler handler) {
        return client.consumer(GROUP, options)
                .subscribe(TOPIC, recorded(handler))
                .awaitReady(Duration.ofSeconds(1));
    }

    MessageHandler recorded(MessageHandler handler) {
        return message -> {
            calls.add(new Call(sim.elapsed(), message));
            handler.handle(message);
        };
    }

    MessageProducer sender() {
        MessageProducer made = sender == null ? client("sender").producer() : sender;
        sender = made;
        return made;
    }

    void send(String... values) {
        for (String value : values) {
            sender().send(Message.builder(TOPIC).valueText(value).build());
        }
        sim.settle();
    }

    /** Sends with a key that belongs to a partition. */
    void sendTo(int partition, String... values) {
        String key = keyOf(partition);
        List<CompletableFuture<SendResult>> sent = new ArrayList<>();
        for (String value : values) {
            sent.add(sender().sendAsync(
                            Message.builder(TOPIC).keyText(key).valueText(value).build()));
        }
        for (CompletableFuture<SendResult> one : sent) {
            if (one.join().partition() != partition) {
                throw new IllegalStateException("key " + key + " belongs to " + one.join());
            }
        }
        sim.settle();
    }

    private String keyOf(int partition) {
        for (int i = 0; ; i++) {
            Message probe = Message.builder("keys").keyText("key-" + i).build();
            if (sender().send(probe).partition() == partition) {
                return "key-" + i;
            }
        }
    }

    void seconds(long seconds) {
        sim.advance(Duration.ofSeconds(seconds));
    }

    /** In a handler: takes virtual time. */
    void work(Duration time) throws InterruptedException {
        try {
            sim.await(sim.future(), time);
        } catch (TimeoutException e) {
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody completes this future", e);
        }
    }

    /** In a handler: waits for the test. */
    static void awaitGate(CompletableFuture<Void> gate) {
        gate.join();
    }

    List<String> values() {
        return calls.stream().map(Call::value).toList();
    }

    /** The whole seconds at which a message was handed to a handler. */
    List<Long> secondsOf(String value) {
        return calls.stream()
                .filter(call -> call.value().equals(value))
                .map(call -> call.at().toSeconds())
                .toList();
    }

    List<Integer> attemptsOf(String value) {
        return calls.stream()
                .filter(call -> call.value().equals(value))
                .map(call -> call.message().attempt())
                .toList();
    }

    long committed(int partition) {
        return broker.committed(GROUP, TOPIC, partition).orElse(-1);
    }

    @Override
    public void close() {
        sim.close();
    }

    /** One call of a handler. */
    record Call(Duration at, ReceivedMessage message) {
        String value() {
            return String.valueOf(message.valueText());
        }
    }
}
