package io.microservicekit.messaging.it.rabbitmq;

import static io.microservicekit.messaging.it.Within.within;
import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.HealthReport;
import io.microservicekit.messaging.api.HealthStatus;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.Within;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.Event;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.Order;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.it.scenario.Work;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The node is short of memory and reads nothing more from connections that publish. */
@Fault("F14")
@ExtendWith(FaultNode.class)
class MemoryAlarmFaultIT {
    private static final String ALARM = "memory-alarm";
    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final int KEYS = 20;
    private static final int PER_SECOND = 200;

    /** What the broker has for the consumer when the alarm begins; most of it is not prefetched. */
    private static final int BACKLOG = 500;

    private final RabbitMqServer server;
    private final RabbitMqUnderTest classic;
    private final RabbitMqUnderTest quorum;

    MemoryAlarmFaultIT(RabbitMqServer server) {
        this.server = server;
        this.classic = RabbitMqUnderTest.classic(server);
        this.quorum = RabbitMqUnderTest.quorum(server);
    }

    @AfterEach
    void clear() {
        server.operator().clearMemoryAlarm();
    }

    @Test
    void sendsEndInTimeConsumersGoOnAndAShutdownKeepsItsDeadline(@TempDir Path dir) throws Exception {
        endsInTime(dir, classic);
    }

    @Test
    @Tag("long-faults-rabbitmq")
    void sendsEndInTimeConsumersOfAQuorumQueueGoOnAndAShutdownKeepsItsDeadline(@TempDir Path dir) throws Exception {
        endsInTime(dir, quorum);
    }

    private void endsInTime(Path dir, RabbitMqUnderTest backend) throws Exception {
        ProducerOptions sending =
                ProducerOptions.builder().sendTimeout(SEND_TIMEOUT).build();
        within(
                SEND_TIMEOUT.plus(GRACE),
                sends -> within(DEADLINE.plus(GRACE), shutdown -> {
                    try (Load load = Load.open(dir, backend, backend.optionsBuilder(), sending)) {
                        load.gate().close();
                        load.sender().sendAll(BACKLOG, KEYS);
                        try {
                            sends.longest(() -> alarmed(load, shutdown));
                        } finally {
                            clear();
                        }
                        System.out.println("the longest send in the alarm took "
                                + sends.elapsed().toMillis() + " ms");
                        load.work().end(ALARM);
                        judgeByTheNextClient(load, backend);
                        return load;
                    }
                }));
    }

    @Test
    void readinessIsDegradedWhileTheAlarmLastsAndNoLonger(@TempDir Path dir) throws Exception {
        try (Load load = Load.open(dir, classic, classic.optionsBuilder())) {
            assertUp(load);
            server.operator().raiseMemoryAlarm();
            // The broker tells of its alarm when something is published.
            load.during(PER_SECOND, () -> {
                await("degraded")
                        .atMost(PATIENCE)
                        .until(() -> load.client().health().readiness().status() == HealthStatus.DEGRADED);
                assertDegraded(load.client().health());
                clear();
                assertUp(load);
                load.awaitProgress();
            });
            load.judge(Expectations.builder().order(Order.PARTITION));
        }
    }

    private static void assertUp(Load load) {
        await("ready").atMost(PATIENCE).until(load::isReady);
    }

    /** Returns what the longest send took. */
    private Duration alarmed(Load load, Within.Watch watch) throws Exception {
        server.operator().raiseMemoryAlarm();
        load.during(PER_SECOND, () -> {
            load.beginUnconfirmed(ALARM);
            load.gate().open();
            await("all handled that was there")
                    .atMost(PATIENCE)
                    .until(() -> load.handler().handled() >= BACKLOG);
            awaitEnded(load, Event.SendStep.REJECTED);
            awaitEnded(load, Event.SendStep.UNKNOWN);
            assertDegraded(load.client().health());
            assertThat(load.sender().inFlight()).as("sends at the shutdown").isPositive();
            ShutdownReport report = watch.time(() -> load.client().shutdown(DEADLINE));
            System.out.println("shutdown in the alarm took " + watch.elapsed().toMillis() + " ms: " + report);
        });
        assertThat(load.sender().inFlight()).as("sends without an outcome").isZero();
        return load.work().run().history().longestSend();
    }

    /** Not out of service, for the broker is there and consumers go on; but it says that nothing can be sent, and why. */
    private static void assertDegraded(HealthReport health) {
        assertThat(health.readiness().status()).as(health.toString()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(health.readiness().reasons())
                .singleElement()
                .asString()
                .contains("takes no messages", "low on memory");
        assertThat(health.liveness().status()).isEqualTo(HealthStatus.UP);
    }

    private static void awaitEnded(Load load, Event.SendStep how) {
        await("a send that ended " + how)
                .atMost(PATIENCE)
                .until(() -> load.work().run().history().entries().stream()
                        .anyMatch(entry -> entry.event() instanceof Event.Sent sent && sent.step() == how));
    }

    /** Whether what was said not to be delivered is not. */
    private static void judgeByTheNextClient(Load load, RabbitMqUnderTest backend) {
        Work work = load.work();
        try (MessagingClient next =
                MessagingClients.builder().backend(backend.options()).build()) {
            next.consumer(work.group())
                    .subscribe(work.topic(), work.handler("next", message -> {}))
                    .awaitReady(PATIENCE);
            await("the queue empty").atMost(PATIENCE).until(() -> backend.isEmpty(work.group()));
        }
        Load.judged(
                work,
                Expectations.builder()
                        .order(Order.PARTITION)
                        .duplicatesPer(ALARM, Load.PREFETCH)
                        .plans(ALARM, 1, Bite.SEND_UNCONFIRMED)
                        .plans(ALARM, 1, Bite.HANDLER_RUNNING)
                        .plans(ALARM, 1, Bite.SEND_REJECTED)
                        .plans(ALARM, 1, Bite.SEND_UNKNOWN));
    }
}
