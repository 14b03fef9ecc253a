package io.microservicekit.messaging.it.rabbitmq;

import static io.microservicekit.messaging.it.Within.within;
import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.HealthReport;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.SubscriptionHealth;
import io.microservicekit.messaging.api.SubscriptionState;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.Within;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.Order;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.it.scenario.Work;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptionsBuilder;
import io.microservicekit.messaging.testkit.junit.FaultProxy;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The connection stays open and nothing comes through it any more. */
@Fault("F4")
@ExtendWith(FaultNode.class)
class HalfOpenFaultIT {
    private static final String SILENCE = "silence";
    private static final int PER_SECOND = 300;
    private static final Duration SHORT = Duration.ofSeconds(4);
    private static final Duration DEFAULT = Duration.ofSeconds(10);

    private final RabbitMqServer server;
    private final RabbitMqUnderTest classic;
    private final RabbitMqUnderTest quorum;

    HalfOpenFaultIT(RabbitMqServer server) {
        this.server = server;
        this.classic = RabbitMqUnderTest.classic(server);
        this.quorum = RabbitMqUnderTest.quorum(server);
    }

    @Test
    void aFrozenNodeIsNoticedAfterTwoAndAQuarterHeartbeatsAndNothingIsLost(@TempDir Path dir) throws Exception {
        frozen(dir, classic, SHORT);
    }

    @Test
    @Tag("long-faults-rabbitmq")
    void aFrozenNodeIsNoticedWithTheDefaultHeartbeat(@TempDir Path dir) throws Exception {
        frozen(dir, classic, DEFAULT);
    }

    @Test
    void aBlackHoleIsNoticedAfterTwoAndAQuarterHeartbeatsAndNothingIsLost(@TempDir Path dir) throws Exception {
        blackHole(dir, classic, SHORT);
    }

    @Test
    @Tag("long-faults-rabbitmq")
    void aBlackHoleIsNoticedWithTheDefaultHeartbeat(@TempDir Path dir) throws Exception {
        blackHole(dir, classic, DEFAULT);
    }

    @Test
    @Tag("long-faults-rabbitmq")
    void aFrozenNodeIsNoticedWithAQuorumQueueTooAndNothingIsLost(@TempDir Path dir) throws Exception {
        frozen(dir, quorum, SHORT);
    }

    @Test
    @Tag("long-faults-rabbitmq")
    void aBlackHoleIsNoticedWithAQuorumQueueTooAndNothingIsLost(@TempDir Path dir) throws Exception {
        blackHole(dir, quorum, SHORT);
    }

    private void frozen(Path dir, RabbitMqUnderTest backend, Duration heartbeat) throws Exception {
        silence(dir, backend, backend.optionsBuilder().heartbeat(heartbeat), new Silence(server::freeze, server::thaw));
    }

    private void blackHole(Path dir, RabbitMqUnderTest backend, Duration heartbeat) throws Exception {
        String address = server.address();
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        try (FaultProxy network = FaultProxy.to(port)) {
            RabbitMqOptionsBuilder proxied =
                    backend.optionsThrough(network.address()).heartbeat(heartbeat);
            silence(dir, backend, proxied, new Silence(network::stall, network::heal));
        }
    }

    /** How it begins and how it ends. */
    private record Silence(Runnable begin, Runnable end) {}

    private void silence(Path dir, RabbitMqUnderTest backend, RabbitMqOptionsBuilder options, Silence silence)
            throws Exception {
        Duration heartbeat = options.build().heartbeat();
        Duration bound = heartbeat.multipliedBy(9).dividedBy(4).plusSeconds(2);
        within(bound, watch -> {
            try (Load load = Load.open(dir, backend, options)) {
                load.during(PER_SECOND, () -> {
                    Work.awaitHandled(load.handler(), 200);
                    notices(load, silence, watch);
                    load.awaitProgress();
                });
                load.judge(Expectations.builder()
                        .order(Order.PARTITION)
                        .duplicatesPer(SILENCE, Load.PREFETCH)
                        .plans(SILENCE, 1, Bite.SEND_UNCONFIRMED)
                        .plans(SILENCE, 1, Bite.HANDLER_RUNNING)
                        .plans(SILENCE, 1, Bite.SEND_UNKNOWN)
                        .plans(SILENCE, 1, Bite.DISRUPTED));
                return load;
            }
        });
    }

    /** Health knows of the silence long before the heartbeats do: it asks. */
    private static boolean isGivenUp(MessagingClient client) {
        HealthReport health = client.health();
        SubscriptionHealth consumer = health.subscriptions().get(0);
        return tellsOfHeartbeats(health.readiness().reasons())
                && consumer.state() == SubscriptionState.RECOVERING
                && tellsOfHeartbeats(consumer.reasons());
    }

    private static boolean tellsOfHeartbeats(List<String> reasons) {
        return reasons.stream().anyMatch(reason -> reason.contains("eartbeat"));
    }

    /** Both connections: sends end unknown, and the consumer knows that it has none. */
    private static void notices(Load load, Silence silence, Within.Watch watch) throws Exception {
        load.holdAHandler();
        silence.begin().run();
        load.awaitUnconfirmed();
        load.work().begin(SILENCE);
        watch.time(() -> {
            await("given up").atMost(PATIENCE).until(() -> isGivenUp(load.client()));
            return load;
        });
        System.out.println("noticed after " + watch.elapsed().toMillis() + " ms: "
                + load.client().health().readiness().reasons() + ", the consumer: "
                + load.client().health().subscriptions().get(0).reasons());
        load.gate().open();
        silence.end().run();
        load.work().end(SILENCE);
    }
}
