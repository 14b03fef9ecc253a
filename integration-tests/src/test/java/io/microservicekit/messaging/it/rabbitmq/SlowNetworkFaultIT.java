package io.microservicekit.messaging.it.rabbitmq;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.Event;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.Order;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.testkit.junit.FaultProxy;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A network that is slow and narrow, for longer than the silence after which a connection is given up. */
@Tag("long-faults-rabbitmq")
@Fault("F5")
@ExtendWith(FaultNode.class)
class SlowNetworkFaultIT {
    private static final String SLOW = "slow";
    private static final int KEYS = 20;
    private static final int BEFORE = 100;
    /** Each of them takes the network several seconds, in each direction. */
    private static final int ROUND = 100;

    private final RabbitMqServer server;
    private final ExecutorService beside = Executors.newSingleThreadExecutor();

    SlowNetworkFaultIT(RabbitMqServer server) {
        this.server = server;
    }

    @AfterEach
    void end() {
        beside.shutdownNow();
    }

    @Test
    void aSlowNetworkCausesNoReconnectNoLossAndNoRepetitionWithTheDefaultHeartbeat(@TempDir Path dir) throws Exception {
        RabbitMqUnderTest backend = RabbitMqUnderTest.classic(server);
        try (FaultProxy network = backend.network();
                Load load = Load.open(dir, backend, backend.optionsThrough(network.address()))) {
            Duration silence =
                    backend.optionsBuilder().build().heartbeat().multipliedBy(9).dividedBy(4);
            load.sender().sendAll(BEFORE, KEYS);
            long connections = network.accepted();
            long sent = BEFORE + slowly(load, network, silence.plusSeconds(5));

            load.judge(Expectations.builder()
                    .order(Order.PARTITION)
                    .duplicatesPer(SLOW, 0)
                    .plans(SLOW, 1, Bite.SEND_UNCONFIRMED)
                    .plans(SLOW, 1, Bite.HANDLER_RUNNING));
            assertThat(load.sender().confirmed()).as("confirmed").isEqualTo(sent);
            assertThat(network.accepted()).as("connections").isEqualTo(connections);
            assertThat(load.work().run().history().entries())
                    .as("the queue was taken away")
                    .noneMatch(entry -> entry.event() instanceof Event.Membership);
        }
    }

    /** Sends and consumes on a slow network for at least so long; gives how many messages that were. */
    private long slowly(Load load, FaultProxy network, Duration time) throws Exception {
        load.gate().close();
        network.latency(Duration.ofMillis(500), Duration.ofMillis(200));
        network.throttle(10_000);
        long begin = System.nanoTime();
        Future<Long> sends = beside.submit(() -> {
            long sent = 0;
            while (System.nanoTime() - begin < time.toNanos()) {
                load.sender().sendAll(ROUND, KEYS);
                sent += ROUND;
            }
            return sent;
        });
        load.holdAHandler();
        load.beginUnconfirmed(SLOW);
        int handled = load.handler().handled();
        load.gate().open();
        long sent = sends.get(time.plus(PATIENCE).toSeconds(), TimeUnit.SECONDS);
        assertThat(sent)
                .as("did not test: messages in %s, so the network was not narrow", time)
                .isLessThan(20L * ROUND);
        // All may be handled by now: they come as soon as their confirmations.
        await("handled on a slow network")
                .atMost(PATIENCE)
                .until(() -> load.handler().handled() > handled);
        network.heal();
        load.work().end(SLOW);
        return sent;
    }
}
