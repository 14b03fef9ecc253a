package io.microservicekit.messaging.it.rabbitmq;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.HealthStatus;
import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.accounting.Event;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.it.scenario.Work;
import io.microservicekit.messaging.rabbitmq.RabbitMqTopology;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Somebody deletes the queue, with what is in it, while it is consumed. */
@Fault("F31")
@ExtendWith(FaultNode.class)
class QueueDeletedFaultIT {
    private static final int PER_SECOND = 200;

    private final RabbitMqUnderTest classic;
    private final RabbitMqUnderTest quorum;

    QueueDeletedFaultIT(RabbitMqServer server) {
        this.classic = RabbitMqUnderTest.classic(server);
        this.quorum = RabbitMqUnderTest.quorum(server);
    }

    @Test
    void itIsDeclaredAndConsumedAnewWhereTheTopologyIsOurs(@TempDir Path dir) throws Exception {
        declaredAnew(dir, classic);
    }

    @Test
    @Tag("long-faults-rabbitmq")
    void aQuorumQueueIsDeclaredAndConsumedAnewWhereTheTopologyIsOurs(@TempDir Path dir) throws Exception {
        declaredAnew(dir, quorum);
    }

    @Test
    void theSubscriptionFailsByNameWhereTheTopologyIsNotOurs(@TempDir Path dir) throws Exception {
        failsByName(dir, classic);
    }

    @Test
    @Tag("long-faults-rabbitmq")
    void theSubscriptionOfAQuorumQueueFailsByNameWhereTheTopologyIsNotOurs(@TempDir Path dir) throws Exception {
        failsByName(dir, quorum);
    }

    /** The consumer is not told of it: its queue is asked for with each health check. */
    @Test
    void aQueueThatDoesNotAnswerIsNamedByReadinessUntilItDoes(@TempDir Path dir) throws Exception {
        namedByReadiness(dir, classic, new Fate("sys:suspend(Pid)", "sys:resume(Pid)", "does not answer"));
    }

    @Test
    void aQuorumQueueWithoutALeaderIsNamedByReadinessUntilItHasOne(@TempDir Path dir) throws Exception {
        namedByReadiness(
                dir,
                quorum,
                new Fate(
                        "ra:stop_server(quorum_queues, Pid)",
                        "ra:restart_server(quorum_queues, Pid)",
                        "has no leader, or the broker has lost the consumer"));
    }

    /** What is done to the process of a queue, and what is said of it meanwhile. */
    private record Fate(String begin, String end, String named) {}

    private static void namedByReadiness(Path dir, RabbitMqUnderTest backend, Fate fate) throws Exception {
        try (Load load = Load.open(dir, backend, backend.optionsBuilder())) {
            String queue = load.work().group();
            await("up").atMost(PATIENCE).until(load::isReady);
            onProcess(backend, queue, fate.begin());
            try {
                await("the queue named")
                        .atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(
                                        load.client().health().readiness().reasons())
                                .singleElement()
                                .asString()
                                .contains("its queue '" + queue + "' " + fate.named()));
                assertThat(load.client().health().liveness().passes()).isTrue();
            } finally {
                onProcess(backend, queue, fate.end());
            }
            await("up again").atMost(PATIENCE).until(load::isReady);
            load.during(PER_SECOND, load::awaitProgress);
        }
    }

    private static void onProcess(RabbitMqUnderTest backend, String queue, String action) {
        backend.operator()
                .evaluate("{ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<\"/\">>, queue, <<\"" + queue + "\">>)), "
                        + "Pid = amqqueue:get_pid(Q), " + action + ".");
    }

    /** What was in the queue is lost with it, so nothing is accounted here: what comes afterwards is consumed. */
    private static void declaredAnew(Path dir, RabbitMqUnderTest backend) throws Exception {
        try (Load load = Load.open(dir, backend, backend.optionsBuilder())) {
            load.during(PER_SECOND, () -> {
                for (int i = 0; i < 3; i++) {
                    Work.awaitHandled(load.handler(), 50);
                    load.holdAHandler();
                    backend.deleteQueue(load.work().group());
                    load.gate().open();
                    load.awaitProgress();
                }
            });
            assertThat(load.work().run().history().entries())
                    .as("did not test: the member was away")
                    .anyMatch(entry -> entry.event() instanceof Event.Membership);
            assertThat(load.sender().inFlight()).isZero();
            assertThat(load.subscription().completion()).isNotDone();
        }
    }

    private static void failsByName(Path dir, RabbitMqUnderTest backend) throws Exception {
        try (Load creator = Load.open(dir, backend, backend.optionsBuilder().topology(RabbitMqTopology.CREATE))) {
            String queue = creator.work().group();
            creator.subscription().close();
            Load passive = creator.again(backend.optionsBuilder().topology(RabbitMqTopology.PASSIVE));
            try (passive) {
                passive.during(PER_SECOND, () -> {
                    passive.holdAHandler();
                    backend.deleteQueue(queue);
                    passive.gate().open();
                    await("its end")
                            .atMost(PATIENCE)
                            .until(() -> passive.subscription().completion().isDone());
                });
                assertThatThrownBy(() -> passive.subscription().completion().get(1, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .cause()
                        .isInstanceOfSatisfying(
                                ConsumeException.class,
                                end -> assertThat(end.code()).isEqualTo(ErrorCode.CREATE_CONSUMER))
                        .hasMessageContaining(queue);
                assertThat(passive.client().health().liveness().status()).isEqualTo(HealthStatus.DOWN);
            }
        }
    }
}
