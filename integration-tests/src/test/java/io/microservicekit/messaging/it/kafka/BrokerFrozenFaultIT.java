package io.microservicekit.messaging.it.kafka;

import static io.microservicekit.messaging.it.Within.within;
import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.Within;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.Order;
import io.microservicekit.messaging.it.scenario.Gate;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.LedgeredHandler;
import io.microservicekit.messaging.it.scenario.LedgeredSender;
import io.microservicekit.messaging.it.scenario.Run;
import io.microservicekit.messaging.it.scenario.Work;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker's process stands still: connections stay open and nothing answers. */
@Fault("F4")
class BrokerFrozenFaultIT {
    private static final String FROZEN = "broker-frozen";
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration GRACE = Duration.ofSeconds(1);
    /** Less than the driver's own timeouts, by which all would end too. */
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final int PARTITIONS = 3;

    private final KafkaServer server = KafkaServer.start();
    private final KafkaUnderTest backend = new KafkaUnderTest(server);

    @AfterEach
    void close() {
        backend.close();
        server.close();
    }

    @Test
    void aShutdownKeepsItsDeadlineEverySendEndsAndTheNextClientMissesNothing(@TempDir Path dir) throws Exception {
        within(DEADLINE.plus(GRACE), watch -> {
            try (Run run = Run.in(Files.createTempDirectory(dir, "run"))) {
                Work work = Work.on(backend, run, "frozen", PARTITIONS);
                shutDown(work, watch);
                goOn(work);
                work.judge(Expectations.builder()
                        .order(Order.PARTITION)
                        .duplicatesPer(FROZEN, 10_000)
                        .plans(FROZEN, 1, Bite.SEND_UNCONFIRMED)
                        .plans(FROZEN, 1, Bite.HANDLER_RUNNING)
                        .plans(FROZEN, 1, Bite.SEND_UNKNOWN));
                return run;
            }
        });
    }

    private void shutDown(Work work, Within.Watch watch) throws Exception {
        Gate gate = new Gate(message -> {});
        LedgeredHandler handler = work.handler("first", gate);
        MessagingClient client = MessagingClients.builder()
                .backend(forgottenSoon())
                .clientId(work.run().name("client"))
                .build();
        client.consumer(work.group()).subscribe(work.topic(), handler).awaitReady(PATIENCE);
        LedgeredSender sender = new LedgeredSender(work.run(), client.producer(), work.topic());
        sender.during(1_000, 60, gate.openAfter(() -> {
            Work.awaitHandled(handler, 1_000);
            gate.close();
            await("a running handler").atMost(PATIENCE).until(() -> gate.held() > 0);
            server.freeze();
            await("a send without an outcome").atMost(PATIENCE).until(() -> sender.inFlight() > 0);
            work.begin(FROZEN);
            ShutdownReport report = watch.time(() -> client.shutdown(DEADLINE));
            System.out.println("shutdown with a frozen broker took " + watch.elapsed() + ": " + report);
            assertThat(report.abandoned()).as("handlers at the deadline").isNotEmpty();
            assertThat(report.unconfirmedSends()).isPositive();
            assertThat(report.elapsed()).isGreaterThanOrEqualTo(DEADLINE);
            await("the end of each send").atMost(SOON).until(() -> sender.inFlight() == 0);
        }));
        awaitNoThreadOf(work.run());
        server.thaw();
        work.end(FROZEN);
    }

    /** Those of the library carry the client's id, those of the driver the client's or the group's. */
    private static void awaitNoThreadOf(Run run) {
        await("the end of all threads")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.contains(run.id())));
    }

    /** A member that could not say goodbye holds its partitions until its session is over. */
    private KafkaOptions forgottenSoon() {
        return backend.optionsBuilder()
                .property("session.timeout.ms", "6000")
                .property("heartbeat.interval.ms", "1000")
                .build();
    }

    private void goOn(Work work) {
        try (MessagingClient client =
                MessagingClients.builder().backend(backend.options()).build()) {
            client.consumer(work.group())
                    .subscribe(work.topic(), work.handler("next", message -> {}))
                    .awaitReady(PATIENCE);
            work.awaitDrained();
        }
    }
}
