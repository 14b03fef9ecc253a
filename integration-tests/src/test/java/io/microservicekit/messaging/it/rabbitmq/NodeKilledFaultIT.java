package io.microservicekit.messaging.it.rabbitmq;

import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.ExpectationsBuilder;
import io.microservicekit.messaging.it.accounting.Order;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.it.scenario.Seed;
import io.microservicekit.messaging.it.scenario.Work;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two clients, one with a classic queue and one with a quorum queue, produce and consume while their only node is killed and restarted. */
@Tag("long-faults-rabbitmq")
@Fault({"F1", "F2"})
@ExtendWith(FaultNode.class)
class NodeKilledFaultIT {
    private static final String KILL = "node-killed";
    private static final int PER_SECOND = 500;

    private final RabbitMqServer server;

    NodeKilledFaultIT(RabbitMqServer server) {
        this.server = server;
    }

    @Test
    void theSameClientsGoOnWithoutLossWhenTheirNodeIsKilledThreeTimes(@TempDir Path dir) throws Exception {
        goOn(dir, 3, new SplittableRandom(3));
    }

    @Test
    @Tag("long-faults-rabbitmq")
    void theSameClientsGoOnWithoutLossWhenTheirNodeIsKilledTwelveTimesAtRandom(@TempDir Path dir) throws Exception {
        goOn(dir, 12, Seed.random());
    }

    private void goOn(Path dir, int kills, SplittableRandom random) throws Exception {
        RabbitMqUnderTest classic = RabbitMqUnderTest.classic(server);
        RabbitMqUnderTest quorum = RabbitMqUnderTest.quorum(server);
        try (Load ofClassic = Load.open(dir, classic, classic.optionsBuilder());
                Load ofQuorum = Load.open(dir, quorum, quorum.optionsBuilder())) {
            List<Load> both = List.of(ofClassic, ofQuorum);
            // What is handled before the first kill also takes the second that a quorum queue needs to be remembered.
            ofClassic.during(
                    PER_SECOND,
                    () -> ofQuorum.during(PER_SECOND, () -> {
                        for (int i = 0; i < kills; i++) {
                            int more = random.nextInt(600, 1_500);
                            both.forEach(load -> Work.awaitHandled(load.handler(), more));
                            kill(both);
                        }
                    }));
            // A killed node forgets which messages of a classic queue were acknowledged: there is no bound, the report
            // prints the count.
            ofClassic.judge(promises(kills).order(Order.PARTITION).duplicatesPer(KILL, Integer.MAX_VALUE));
            ofQuorum.judge(promises(kills).order(Order.PARTITION).duplicatesPer(KILL, Load.PREFETCH));
        }
    }

    /** Hits sends without an outcome and running handlers. */
    private void kill(List<Load> loads) {
        loads.forEach(Load::holdAHandler);
        server.freeze();
        loads.forEach(Load::awaitUnconfirmed);
        loads.forEach(load -> load.work().begin(KILL));
        server.kill();
        loads.forEach(load -> load.gate().open());
        server.restart();
        loads.forEach(load -> load.work().end(KILL));
        loads.forEach(Load::awaitProgress);
    }

    private static ExpectationsBuilder promises(int kills) {
        return Expectations.builder()
                .plansEach(KILL, kills, Bite.SEND_UNCONFIRMED)
                .plansEach(KILL, kills, Bite.HANDLER_RUNNING);
    }
}
