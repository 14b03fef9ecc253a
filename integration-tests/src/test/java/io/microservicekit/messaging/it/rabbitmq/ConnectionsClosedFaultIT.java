package io.microservicekit.messaging.it.rabbitmq;

import static io.microservicekit.messaging.it.Within.within;
import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.Entry;
import io.microservicekit.messaging.it.accounting.Event;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.ExpectationsBuilder;
import io.microservicekit.messaging.it.accounting.Order;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.it.scenario.Work;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
    private static final int TIMES = 10;
    private static final long EACH_SECONDS = 6;

    /** 10 s, and a fifth of it at most. */
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(12);

    private static final Duration GRACE = Duration.ofSeconds(5);

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

    /** Some of them find a client that waits for its next attempt: they count too, and its waits grow to the longest. */
    @Test
    @Tag("long-faults-rabbitmq")
    void allHasResumedAfterTheLongestBackOffWhenAnOperatorClosesAllConnectionsTenTimesInAMinute(@TempDir Path dir)
            throws Exception {
        RabbitMqUnderTest classic = RabbitMqUnderTest.classic(server);
        within(LONGEST_BACK_OFF.plus(GRACE), watch -> {
            try (Load load = Load.open(dir, classic, classic.optionsBuilder())) {
                load.during(PER_SECOND, () -> {
                    Work.awaitHandled(load.handler(), 100);
                    Duration took = closeAtAFixedRate(load);
                    watch.time(() -> {
                        await("the tenth noticed").atMost(PATIENCE).until(() -> !load.isReady());
                        load.awaitProgress();
                        return load;
                    });
                    System.out.println("ten closes in " + took + ", resumed after " + watch.elapsed());
                    assertThat(took).as("did not test: ten closes").isLessThan(Duration.ofMinutes(1));
                });
                load.judge(Expectations.builder()
                        .order(Order.PARTITION)
                        .duplicatesPer(CLOSED, Load.PREFETCH)
                        .plans(CLOSED, TIMES, Bite.DISRUPTED));
                assertThat(notResumed(load))
                        .as("closes after which nothing was consumed")
                        .isEmpty();
                return load;
            }
        });
    }

    private Duration closeAtAFixedRate(Load load) throws Exception {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try {
            long begin = System.nanoTime();
            List<Future<?>> closes = new ArrayList<>();
            for (int i = 0; i < TIMES; i++) {
                closes.add(clock.schedule(() -> close(load), i * EACH_SECONDS, TimeUnit.SECONDS));
            }
            for (Future<?> close : closes) {
                close.get();
            }
            return Duration.ofNanos(System.nanoTime() - begin);
        } finally {
            clock.shutdownNow();
        }
    }

    private void close(Load load) {
        load.work().begin(CLOSED);
        server.operator().closeAllConnections("maintenance");
        load.work().end(CLOSED);
    }

    /** Those after which no handler was called for a connection that is younger than all before. */
    private static List<Long> notResumed(Load load) {
        List<Long> waiting = new ArrayList<>();
        long youngest = -1;
        for (Entry entry : load.work().run().history().entries()) {
            if (entry.event() instanceof Event.Fault fault && fault.edge() == Event.Edge.BEGIN) {
                waiting.add(youngest);
            } else if (entry.event() instanceof Event.Handling handling && handling.epoch() > youngest) {
                youngest = handling.epoch();
                waiting.clear();
            }
        }
        return waiting;
    }

    private static ExpectationsBuilder promises(int times) {
        return Expectations.builder()
                .order(Order.PARTITION)
                .duplicatesPer(CLOSED, Load.PREFETCH)
                .plansEach(CLOSED, times, Bite.HANDLER_RUNNING)
                .plansEach(CLOSED, times, Bite.DISRUPTED);
    }
}
