package io.microservicekit.messaging.it.rabbitmq;

import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.ExpectationsBuilder;
import io.microservicekit.messaging.it.accounting.Order;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.it.scenario.Work;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An operator closes all connections again and again. */
@Fault("F3")
@ExtendWith(FaultNode.class)
class ConnectionsClosedFaultIT {
    private static final String CLOSED = "connections-closed";
    private static final int PER_SECOND = 500;

    private final RabbitMqServer server;

    ConnectionsClosedFaultIT(RabbitMqServer server) {
        this.server = server;
    }

    @Test
    void consumptionResumesByItselfEachTimeAnOperatorClosesAllConnections(@TempDir Path dir) throws Exception {
        resumes(dir, 4);
    }

    @Test
    @Tag("long-faults-rabbitmq")
    void consumptionResumesByItselfWhenAnOperatorClosesAllConnectionsTenTimes(@TempDir Path dir) throws Exception {
        resumes(dir, 10);
    }

    private void resumes(Path dir, int times) throws Exception {
        RabbitMqUnderTest classic = RabbitMqUnderTest.classic(server);
        RabbitMqUnderTest quorum = RabbitMqUnderTest.quorum(server);
        try (Load ofClassic = Load.open(dir, classic, classic.optionsBuilder());
                Load ofQuorum = Load.open(dir, quorum, quorum.optionsBuilder())) {
            List<Load> both = List.of(ofClassic, ofQuorum);
            ofClassic.during(
                    PER_SECOND,
                    () -> ofQuorum.during(PER_SECOND, () -> {
                        for (int i = 0; i < times; i++) {
                            both.forEach(load -> Work.awaitHandled(load.handler(), 100));
                            closeAll(both);
                        }
                    }));
            both.forEach(load -> load.judge(promises(times)));
        }
    }

    private void closeAll(List<Load> loads) {
        loads.forEach(Load::holdAHandler);
        loads.forEach(load -> load.work().begin(CLOSED));
        server.operator().closeAllConnections("maintenance");
        loads.forEach(load -> load.gate().open());
        loads.forEach(load -> load.work().end(CLOSED));
        loads.forEach(Load::awaitProgress);
    }

    private static ExpectationsBuilder promises(int times) {
        return Expectations.builder()
                .order(Order.PARTITION)
                .duplicatesPer(CLOSED, Load.PREFETCH)
                .plansEach(CLOSED, times, Bite.HANDLER_RUNNING)
                .plansEach(CLOSED, times, Bite.DISRUPTED);
    }
}
