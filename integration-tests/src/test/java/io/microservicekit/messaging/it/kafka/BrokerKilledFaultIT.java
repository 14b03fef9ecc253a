package io.microservicekit.messaging.it.kafka;

import static io.microservicekit.messaging.it.Within.within;
import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessagingClient;
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
import io.microservicekit.messaging.it.scenario.Seed;
import io.microservicekit.messaging.it.scenario.Work;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One client produces and consumes while the only broker is killed and restarted. */
@Fault({"F1", "F2"})
class BrokerKilledFaultIT {
    private static final String KILL = "broker-killed";
    private static final Duration RECOVERY = Duration.ofSeconds(15);
    private static final int PARTITIONS = 3;
    private static final int KEYS = 60;
    private static final int PER_SECOND = 2_000;
    private static final int MAX_UNCOMMITTED = 500;

    /** With the 1 s of a fast session a broker on a busy machine is fenced again and again, and its start takes more than a minute. */
    private final KafkaServer server = KafkaServer.builder()
            .property("broker.session.timeout.ms", "3000")
            .property("broker.heartbeat.interval.ms", "500")
            .startTimeout(Duration.ofMinutes(2))
            .start();

    private final KafkaUnderTest backend = new KafkaUnderTest(server);
    private final Gate gate = new Gate(message -> {});

    @AfterEach
    void close() {
        gate.open();
        backend.close();
        server.close();
    }

    @Test
    void theSameClientGoesOnWithoutLossWhenItsBrokerIsKilledThreeTimes(@TempDir Path dir) throws Exception {
        goesOn(dir, 3, new SplittableRandom(3));
    }

    @Test
    @Tag("long-faults-kafka")
    void theSameClientGoesOnWithoutLossWhenItsBrokerIsKilledFifteenTimesAtRandom(@TempDir Path dir) throws Exception {
        goesOn(dir, 15, Seed.random());
    }

    private void goesOn(Path dir, int kills, SplittableRandom random) throws Exception {
        try (Run run = Run.in(dir)) {
            Work work = Work.on(backend, run, "killed", PARTITIONS);
            LedgeredHandler handler = work.handler("consumer", gate);
            try (MessagingClient client = open(work, handler)) {
                LedgeredSender sender = new LedgeredSender(run, client.producer(), work.topic());
                work.sampled(() -> {
                    sender.during(PER_SECOND, KEYS, gate.openAfter(() -> {
                        for (int i = 0; i < kills; i++) {
                            Work.awaitHandled(handler, random.nextInt(1_000, 3_000));
                            recovers(work, sender, handler);
                        }
                    }));
                    work.awaitDrained();
                });
            }
            work.judge(Expectations.builder()
                    .order(Order.PARTITION)
                    .duplicatesPer(KILL, PARTITIONS * (MAX_UNCOMMITTED + 1))
                    .plansEach(KILL, kills, Bite.SEND_UNCONFIRMED)
                    .plansEach(KILL, kills, Bite.HANDLER_RUNNING));
        }
    }

    private MessagingClient open(Work work, LedgeredHandler handler) {
        MessagingClient client =
                MessagingClients.builder().backend(backend.options()).build();
        ConsumerOptions options =
                ConsumerOptions.builder().maxUncommitted(MAX_UNCOMMITTED).build();
        client.consumer(work.group(), options).subscribe(work.topic(), handler).awaitReady(PATIENCE);
        return client;
    }

    /** A kill hits sends without an outcome and running handlers; the broker is back when an independent client was answered. */
    private void recovers(Work work, LedgeredSender sender, LedgeredHandler handler) throws Exception {
        Duration took = within(RECOVERY, watch -> {
            kill(work, sender);
            server.restart();
            work.end(KILL);
            return progress(watch, sender, handler);
        });
        System.out.println("progress " + took.toMillis() + " ms after the broker was back");
    }

    private void kill(Work work, LedgeredSender sender) {
        gate.close();
        await("a running handler").atMost(PATIENCE).until(() -> gate.held() > 0);
        server.freeze();
        await("a send without an outcome").atMost(PATIENCE).until(() -> sender.inFlight() > 0);
        work.begin(KILL);
        server.kill();
        gate.open();
    }

    private static Duration progress(Within.Watch watch, LedgeredSender sender, LedgeredHandler handler)
            throws Exception {
        return watch.time(() -> {
            long begin = System.nanoTime();
            Work.awaitProgress(sender, handler);
            return Duration.ofNanos(System.nanoTime() - begin);
        });
    }
}
