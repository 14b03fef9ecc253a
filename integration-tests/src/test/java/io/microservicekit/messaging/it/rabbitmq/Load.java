package io.microservicekit.messaging.it.rabbitmq;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.HealthStatus;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.accounting.EndState;
import io.microservicekit.messaging.it.accounting.ExpectationsBuilder;
import io.microservicekit.messaging.it.accounting.History;
import io.microservicekit.messaging.it.accounting.Report;
import io.microservicekit.messaging.it.scenario.CommitSampler;
import io.microservicekit.messaging.it.scenario.Gate;
import io.microservicekit.messaging.it.scenario.LedgeredHandler;
import io.microservicekit.messaging.it.scenario.LedgeredSender;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.it.scenario.Run;
import io.microservicekit.messaging.it.scenario.Work;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptionsBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One client that sends to the queue of its own group and consumes it, accounted; its handlers can be held. */
final class Load implements AutoCloseable {
    /** How many deliveries the broker may have to repeat when the connection is lost. */
    static final int PREFETCH = 50;

    private static final int KEYS = 20;

    private final Work work;
    private final Gate gate = new Gate(message -> {});
    private final LedgeredHandler handler;
    private final MessagingClient client;
    private final Subscription subscription;
    private final LedgeredSender sender;

    private Load(Work work, MessagingClient client, ProducerOptions sending) {
        this.work = work;
        this.client = client;
        this.handler = work.handler("consumer", gate);
        this.subscription = client.consumer(work.group()).subscribe(work.topic(), handler);
        this.sender = new LedgeredSender(work.run(), client.producer(sending), work.topic());
    }

    /** Opens one that consumes already. */
    static Load open(Path dir, RabbitMqUnderTest backend, RabbitMqOptionsBuilder options) throws IOException {
        return open(dir, backend, options, ProducerOptions.defaults());
    }

    static Load open(Path dir, RabbitMqUnderTest backend, RabbitMqOptionsBuilder options, ProducerOptions sending)
            throws IOException {
        Run run = Run.in(Files.createTempDirectory(dir, "run"));
        return open(Work.on(backend, run, "load", 1), options, sending);
    }

    private static Load open(Work work, RabbitMqOptionsBuilder options, ProducerOptions sending) {
        MessagingClient client = MessagingClients.builder()
                .backend(options.prefetchCount(PREFETCH).build())
                .build();
        Load load = new Load(work, client, sending);
        load.subscription.awaitReady(PATIENCE);
        return load;
    }

    /** Opens another one with the same queue and the same account. */
    Load again(RabbitMqOptionsBuilder options) {
        return open(work, options, ProducerOptions.defaults());
    }

    private RabbitMqUnderTest backend() {
        return (RabbitMqUnderTest) work.backend();
    }

    Work work() {
        return work;
    }

    LedgeredSender sender() {
        return sender;
    }

    LedgeredHandler handler() {
        return handler;
    }

    Subscription subscription() {
        return subscription;
    }

    MessagingClient client() {
        return client;
    }

    Gate gate() {
        return gate;
    }

    /** Sends at a steady rate while a part of a test runs, after which the handlers go on, also when it fails. */
    void during(int perSecond, CommitSampler.Part part) throws Exception {
        sender.during(perSecond, KEYS, gate.openAfter(part));
    }

    /** Returns when a handler runs, which goes on when the gate is opened. */
    void holdAHandler() {
        gate.close();
        await("a running handler").atMost(PATIENCE).until(() -> gate.held() > 0);
    }

    /** Writes that a fault begins, as soon as a send is without an outcome. */
    void beginUnconfirmed(String fault) {
        sender.whenInFlight(() -> work.begin(fault));
    }

    boolean isReady() {
        return client.health().readiness().status() == HealthStatus.UP;
    }

    /** Returns when a message was sent, confirmed and handled after now. */
    void awaitProgress() {
        Work.awaitProgress(sender, handler);
    }

    /** Closes the client when all is handled, and judges. */
    void judge(ExpectationsBuilder promises) {
        await("all handled")
                .atMost(PATIENCE)
                .until(() ->
                        handler.handled() >= sender.confirmed() && backend().isEmpty(work.group()));
        client.close();
        assertThat(sender.inFlight()).as("sends without an outcome").isZero();
        judged(work, promises);
    }

    /** Judges when all clients are closed: then the queue tells by itself what it holds, without an operator, who needs seconds on a busy machine. */
    static void judged(Work work, ExpectationsBuilder promises) {
        boolean empty = ((RabbitMqUnderTest) work.backend()).isEmpty(work.group());
        History history = work.run().history();
        System.out.println(work.topic() + " on " + work.backend() + ": "
                + Report.of(history).line());
        EndState end = new EndState(Map.of(work.group(), empty ? 0L : 1L), List.of());
        work.run().assertKeeps(history, promises.endsWith(end).build());
    }

    @Override
    public void close() {
        gate.open();
        client.close();
        work.run().close();
    }
}
