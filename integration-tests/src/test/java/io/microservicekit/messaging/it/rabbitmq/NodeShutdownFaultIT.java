package io.microservicekit.messaging.it.rabbitmq;

import static io.microservicekit.messaging.it.Within.within;
import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.Within;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.Order;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.it.scenario.Work;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Closing a client when nothing answers. */
@ExtendWith(FaultNode.class)
class NodeShutdownFaultIT {
    private static final String FROZEN = "node-frozen";
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final RabbitMqServer server;
    private final RabbitMqUnderTest backend;

    NodeShutdownFaultIT(RabbitMqServer server) {
        this.server = server;
        this.backend = RabbitMqUnderTest.classic(server);
    }

    @Fault({"F4", "F23", "F24"})
    @Test
    void withAFrozenNodeAHangingHandlerAndAPendingBackOffAShutdownKeepsItsDeadline(@TempDir Path dir) throws Exception {
        keepsItsDeadline(dir, backend);
    }

    @Test
    @Tag("long-faults-rabbitmq")
    void withAFrozenNodeOfAQuorumQueueAShutdownKeepsItsDeadlineToo(@TempDir Path dir) throws Exception {
        keepsItsDeadline(dir, RabbitMqUnderTest.quorum(server));
    }

    private void keepsItsDeadline(Path dir, RabbitMqUnderTest backend) throws Exception {
        within(DEADLINE.plus(GRACE), watch -> {
            try (Load load = Load.open(dir, backend, backend.optionsBuilder())) {
                shutDown(load, watch);
                goOn(load.work(), backend);
                Load.judged(
                        load.work(),
                        Expectations.builder()
                                .order(Order.PARTITION)
                                .duplicatesPer(FROZEN, Load.PREFETCH)
                                .plans(FROZEN, 1, Bite.SEND_UNCONFIRMED)
                                .plans(FROZEN, 1, Bite.HANDLER_RUNNING)
                                .plans(FROZEN, 1, Bite.SEND_UNKNOWN));
                return load;
            }
        });
    }

    private void shutDown(Load load, Within.Watch watch) throws Exception {
        AtomicInteger failures = retryForAnHour(load);
        load.during(500, () -> {
            Work.awaitHandled(load.handler(), 300);
            load.holdAHandler();
            await("a pending back-off").atMost(PATIENCE).until(() -> failures.get() == 1);
            server.freeze();
            load.awaitUnconfirmed();
            load.work().begin(FROZEN);
            ShutdownReport report = watch.time(() -> load.client().shutdown(DEADLINE));
            System.out.println(
                    "shutdown with a frozen node took " + watch.elapsed().toMillis() + " ms: " + report);
            assertThat(report.abandoned()).as("handlers at the deadline").isNotEmpty();
            assertThat(report.unconfirmedSends()).isPositive();
        });
        assertThat(load.sender().inFlight()).as("sends without an outcome").isZero();
        assertThat(failures).as("attempts of what was to be retried").hasValue(1);
        server.thaw();
        load.work().end(FROZEN);
    }

    /** A message of another queue that fails and waits for its next attempt. */
    private static AtomicInteger retryForAnHour(Load load) {
        AtomicInteger failures = new AtomicInteger();
        String topic = load.work().run().name("retried");
        ConsumerOptions options = ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(3, Duration.ofHours(1)))
                .build();
        load.client()
                .consumer(topic, options)
                .subscribe(topic, message -> {
                    failures.incrementAndGet();
                    throw new IllegalStateException("no stock");
                })
                .awaitReady(PATIENCE);
        try (MessageProducer producer = load.client().producer()) {
            producer.send(Message.builder(topic).valueText("retried").build());
        }
        return failures;
    }

    private static void goOn(Work work, RabbitMqUnderTest backend) {
        try (MessagingClient client =
                MessagingClients.builder().backend(backend.options()).build()) {
            client.consumer(work.group())
                    .subscribe(work.topic(), work.handler("next", message -> {}))
                    .awaitReady(PATIENCE);
            await("the queue empty").atMost(PATIENCE).until(() -> backend.isEmpty(work.group()));
        }
    }
}
