package io.microservicekit.messaging.it.kafka;

import static io.microservicekit.messaging.it.Within.within;
import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.Event;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.Order;
import io.microservicekit.messaging.it.scenario.FaultKafka;
import io.microservicekit.messaging.it.scenario.Gate;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.LedgeredHandler;
import io.microservicekit.messaging.it.scenario.LedgeredSender;
import io.microservicekit.messaging.it.scenario.Run;
import io.microservicekit.messaging.it.scenario.Work;
import io.microservicekit.messaging.testkit.junit.FaultProxy;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The broker is well, the network between it and the client is cut or slow. */
@ExtendWith(FaultKafka.class)
class ProxyFaultIT {
    private static final Duration RECOVERY = Duration.ofSeconds(15);
    private static final int PARTITIONS = 3;
    private static final int MAX_UNCOMMITTED = 500;

    private final Gate gate = new Gate(message -> {});
    private final KafkaUnderTest backend;
    private final FaultProxy network;

    ProxyFaultIT(KafkaServer server) {
        this.backend = KafkaUnderTest.proxied(server);
        this.network = server.proxy();
    }

    @AfterEach
    void close() {
        gate.open();
        backend.close();
    }

    @Fault("F3")
    @Test
    void nothingIsLostWhenConnectionsAreResetAndCutInTheMiddleOfARequest(@TempDir Path dir) throws Exception {
        accounted(dir, "cut", 2_000, (work, sender, handler) -> {
            cut(
                    work,
                    sender,
                    handler,
                    () -> assertThat(network.reset()).as("connections reset").isPositive());
            cut(work, sender, handler, () -> {
                long cuts = network.cuts();
                network.cutAfter(100);
                await("a request cut in the middle").atMost(PATIENCE).until(() -> network.cuts() > cuts);
            });
            cut(work, sender, handler, network::refuse);
        });
    }

    /** Each hits sends without an outcome and running handlers: what is under way is stalled before. */
    private void cut(Work work, LedgeredSender sender, LedgeredHandler handler, CutStep step) throws Exception {
        within(RECOVERY, watch -> {
            Work.awaitHandled(handler, 1_000);
            holdHandlers();
            network.stallToClient();
            sender.whenInFlight(() -> work.begin("cut"));
            step.run();
            gate.open();
            network.heal();
            work.end("cut");
            return watch.time(() -> {
                Work.awaitProgress(sender, handler);
                return watch;
            });
        });
    }

    private interface CutStep {
        void run() throws Exception;
    }

    @Fault("F5")
    @Test
    void aSlowNetworkCausesNoRebalanceAndNoLoss(@TempDir Path dir) throws Exception {
        Run run = accounted(dir, "slow", 100, (work, sender, handler) -> {
            Work.awaitHandled(handler, 100);
            holdHandlers();
            network.latency(Duration.ofMillis(500), Duration.ofMillis(200));
            network.throttle(10_000);
            sender.whenInFlight(() -> work.begin("slow"));
            gate.open();
            Work.awaitHandled(handler, 300);
            network.heal();
            work.end("slow");
            Work.awaitProgress(sender, handler);
        });
        assertThat(run.history().entries())
                .as("partitions that were taken away")
                .noneMatch(entry -> entry.event() instanceof Event.Membership);
    }

    private void holdHandlers() {
        gate.close();
        await("a running handler").atMost(PATIENCE).until(() -> gate.held() > 0);
    }

    private interface Trouble {
        void happens(Work work, LedgeredSender sender, LedgeredHandler handler) throws Exception;
    }

    private Run accounted(Path dir, String fault, int perSecond, Trouble trouble) throws Exception {
        try (Run run = Run.in(dir)) {
            Work work = Work.on(backend, run, fault, PARTITIONS);
            LedgeredHandler handler = work.handler("consumer", gate);
            try (MessagingClient client =
                    MessagingClients.builder().backend(backend.options()).build()) {
                ConsumerOptions options = ConsumerOptions.builder()
                        .maxUncommitted(MAX_UNCOMMITTED)
                        .build();
                client.consumer(work.group(), options)
                        .subscribe(work.topic(), handler)
                        .awaitReady(PATIENCE);
                LedgeredSender sender = new LedgeredSender(run, client.producer(), work.topic());
                work.sampled(() -> {
                    sender.during(perSecond, 60, gate.openAfter(() -> trouble.happens(work, sender, handler)));
                    work.awaitDrained();
                });
            }
            work.judge(Expectations.builder()
                    .order(Order.PARTITION)
                    .duplicatesPer(fault, fault.equals("slow") ? 0 : PARTITIONS * (MAX_UNCOMMITTED + 1))
                    .plansEach(fault, 1, Bite.SEND_UNCONFIRMED)
                    .plansEach(fault, 1, Bite.HANDLER_RUNNING)
                    .recoversWithin(fault, RECOVERY));
            return run;
        }
    }
}
