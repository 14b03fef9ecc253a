package io.microservicekit.messaging.it.kafka;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.Entry;
import io.microservicekit.messaging.it.accounting.Event;
import io.microservicekit.messaging.it.accounting.Event.HandlerStep;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.History;
import io.microservicekit.messaging.it.accounting.Order;
import io.microservicekit.messaging.it.scenario.ConsumerProcess;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.LedgeredHandler;
import io.microservicekit.messaging.it.scenario.LedgeredSender;
import io.microservicekit.messaging.it.scenario.Run;
import io.microservicekit.messaging.it.scenario.Work;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A process stands still longer than its session (a long pause of its collector, a suspended machine) and then goes on as if nothing were. */
@Fault("F40")
@ExtendWith(KafkaServerExtension.class)
class ClientFrozenFaultIT {
    private static final String FROZEN = "client-frozen";
    private static final int PARTITIONS = 3;

    private final KafkaServer server;

    ClientFrozenFaultIT(KafkaServer server) {
        this.server = server;
    }

    @Test
    void aConsumerFrozenBeyondItsSessionAcknowledgesNothingOfWhatItLostAndJoinsAgain(@TempDir Path dir)
            throws Exception {
        try (KafkaUnderTest backend = new KafkaUnderTest(server)) {
            assertItJoinsAgain(dir, backend, ConsumerProcess.Broker.KAFKA);
        }
    }

    @Test
    @Tag("long-faults-kafka")
    void aConsumerOfAGroupThatTheBrokerAssignsFrozenBeyondItsSessionJoinsAgainToo(@TempDir Path dir) throws Exception {
        try (KafkaUnderTest backend = KafkaUnderTest.consumerProtocol(server)) {
            assertItJoinsAgain(dir, backend, ConsumerProcess.Broker.KAFKA_THAT_ASSIGNS);
        }
    }

    private void assertItJoinsAgain(Path dir, KafkaUnderTest backend, ConsumerProcess.Broker broker) throws Exception {
        try (Run run = Run.in(dir)) {
            Work work = Work.on(backend, run, "frozen", PARTITIONS);
            backend.forgetsSoon(work.group());
            ConsumerProcess.Job job = new ConsumerProcess.Job(
                    broker, server.bootstrapServers(), work.group(), work.topic(), run.id(), dir);
            try (ConsumerProcess frozen = ConsumerProcess.fork(job, "frozen");
                    MessagingClient sending = MessagingClients.builder()
                            .backend(backend.options())
                            .build()) {
                await("the consumer process").atMost(PATIENCE).until(frozen::isReady);
                LedgeredSender sender = new LedgeredSender(run, sending.producer(), work.topic());
                work.sampled(() -> {
                    sender.during(2_000, 60, () -> standsStill(work, job, frozen));
                    work.awaitDrained();
                    frozen.stop();
                });
            }
            work.judge(Expectations.builder()
                    .order(Order.PARTITION)
                    .duplicatesPer(FROZEN, PARTITIONS * (ConsumerProcess.MAX_UNCOMMITTED + 1))
                    .plansEach(FROZEN, 1, Bite.REDELIVERED));
        }
    }

    private void standsStill(Work work, ConsumerProcess.Job job, ConsumerProcess frozen) throws Exception {
        await("messages handled")
                .atMost(PATIENCE)
                .until(() -> handled(work.run().history()) > 2_000);
        work.begin(FROZEN);
        frozen.freeze();
        LedgeredHandler successor = job.handler(work.run().ledger(), "successor");
        try (MessagingClient client = job.open(successor)) {
            await("the partitions taken over").atMost(PATIENCE).until(() -> successor.handled() > 2_000);
            frozen.thaw();
            work.end(FROZEN);
            await("the frozen one handles messages again, in an epoch of its own")
                    .atMost(PATIENCE)
                    .until(() -> hasRejoined(work.run().history()));
            assertThat(client.shutdown(Duration.ofSeconds(10)).clean()).isTrue();
        }
    }

    private static long handled(History history) {
        return history.entries().stream()
                .filter(entry -> entry.event() instanceof Event.Handling step && step.step() == HandlerStep.OK)
                .count();
    }

    private static boolean hasRejoined(History history) {
        return history.entries().stream().anyMatch(ClientFrozenFaultIT::isNewEpoch);
    }

    /** The handler of the process writes it when a partition comes back. */
    private static boolean isNewEpoch(Entry entry) {
        return entry.processName().equals("frozen") && entry.event() instanceof Event.Membership;
    }
}
