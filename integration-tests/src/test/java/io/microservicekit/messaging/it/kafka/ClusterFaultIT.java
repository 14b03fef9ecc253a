package io.microservicekit.messaging.it.kafka;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.ExpectationsBuilder;
import io.microservicekit.messaging.it.accounting.Order;
import io.microservicekit.messaging.it.scenario.BackendUnderTest;
import io.microservicekit.messaging.it.scenario.DeadLettersRefusedScenario;
import io.microservicekit.messaging.it.scenario.Gate;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.LedgeredHandler;
import io.microservicekit.messaging.it.scenario.LedgeredSender;
import io.microservicekit.messaging.it.scenario.Run;
import io.microservicekit.messaging.it.scenario.Seed;
import io.microservicekit.messaging.it.scenario.Work;
import io.microservicekit.messaging.testkit.junit.KafkaCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes, of which one is away or hands its work to another. Each test leaves three nodes in sync. */
class ClusterFaultIT {
    private static final String LEADER_KILLED = "leader-killed";
    private static final String COORDINATOR_KILLED = "coordinator-killed";
    private static final String MOVED = "moved";
    private static final String COORDINATOR_MOVED = "coordinator-moved";
    private static final Duration RECOVERY = Duration.ofSeconds(15);
    private static final Duration REFUSAL = Duration.ofSeconds(20);
    private static final int ROUNDS = 20;
    private static final int LAST = 60;
    private static final int PARTITIONS = 3;
    private static final int MAX_UNCOMMITTED = 500;
    private static final int BOUND = PARTITIONS * (MAX_UNCOMMITTED + 1);

    private static KafkaCluster cluster;

    private KafkaUnderTest backend = new KafkaUnderTest(cluster);
    private final Gate gate = new Gate(message -> {});
    private final Lines lines = new Lines();

    @BeforeAll
    static void start() {
        // On a busy machine a node that is well is taken for dead with less, and then is not in sync.
        cluster = KafkaCluster.builder()
                .property("broker.session.timeout.ms", "9000")
                .start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void close() {
        gate.open();
        backend.close();
    }

    @Fault({"F1", "F2"})
    @Test
    void nothingIsLostWhenTheLeaderAndTheCoordinatorDieAndWhenAllMovesUnderLoad(@TempDir Path dir) throws Exception {
        accounted(dir, this::eachDiesAndAllMoves);
    }

    @Fault({"F1", "F2"})
    @Test
    @Tag("long-faults-kafka")
    void nothingIsLostInFiveRandomRoundsOfDyingAndMoving(@TempDir Path dir) throws Exception {
        SplittableRandom random = Seed.random();
        accounted(dir, (work, sender, handler) -> {
            for (int round = 0; round < 5; round++) {
                dies(LEADER_KILLED, cluster.leader(work.topic(), random.nextInt(PARTITIONS)), work, sender, handler);
                moves(work, sender, handler, random);
                dies(COORDINATOR_KILLED, cluster.coordinator(), work, sender, handler);
                moves(work, sender, handler, random);
            }
        });
    }

    @Fault({"F1", "F2"})
    @Test
    @Tag("long-faults-kafka")
    void nothingIsLostWhereTheBrokerAssignsWhenLeaderAndCoordinatorDieAndMove(@TempDir Path dir) throws Exception {
        backend.close();
        backend = KafkaUnderTest.consumerProtocol(cluster);
        accounted(dir, this::eachDiesAndAllMoves);
    }

    private void eachDiesAndAllMoves(Work work, LedgeredSender sender, LedgeredHandler handler) {
        dies(LEADER_KILLED, cluster.leader(work.topic(), 0), work, sender, handler);
        dies(COORDINATOR_KILLED, cluster.coordinator(), work, sender, handler);
        moves(work, sender, handler, new SplittableRandom(1));
    }

    /** What happens under load. */
    private interface Trouble {
        void happens(Work work, LedgeredSender sender, LedgeredHandler handler) throws Exception;
    }

    private void accounted(Path dir, Trouble trouble) throws Exception {
        try (Run run = Run.in(dir)) {
            Work work = Work.on(backend, run, "cluster", PARTITIONS);
            LedgeredHandler handler = work.handler("consumer", gate);
            try (MessagingClient client =
                    MessagingClients.builder().backend(seldomHeard()).build()) {
                client.consumer(work.group(), bounded())
                        .subscribe(work.topic(), handler)
                        .awaitReady(PATIENCE);
                LedgeredSender sender = new LedgeredSender(run, client.producer(), work.topic());
                work.sampled(() -> {
                    sender.during(1_000, 60, gate.openAfter(() -> trouble.happens(work, sender, handler)));
                    work.awaitDrained();
                    gate.openAfter(() -> endsAsTheCoordinatorMoves(work, sender))
                            .run();
                });
            }
            work.judge(promises());
        }
    }

    /** A heartbeat would tell of a new coordinator before a commit meets the old one. Where the broker assigns, heartbeats are the broker's to say. */
    private BackendOptions seldomHeard() {
        return backend.assigns()
                ? backend.options()
                : backend.optionsBuilder()
                        .property("heartbeat.interval.ms", "14000")
                        .build();
    }

    private ConsumerOptions bounded() {
        return ConsumerOptions.builder()
                .maxUncommitted(MAX_UNCOMMITTED)
                .logger(lines)
                .build();
    }

    private static ExpectationsBuilder promises() {
        ExpectationsBuilder promises = Expectations.builder().order(Order.PARTITION);
        for (String kind : List.of(LEADER_KILLED, COORDINATOR_KILLED, MOVED)) {
            promises.duplicatesPer(kind, BOUND)
                    .plansEach(kind, 1, Bite.SEND_UNCONFIRMED)
                    .plansEach(kind, 1, Bite.HANDLER_RUNNING)
                    .recoversWithin(kind, RECOVERY);
        }
        return promises.plansEach(COORDINATOR_MOVED, 1, Bite.HANDLER_RUNNING);
    }

    private void dies(String kind, int node, Work work, LedgeredSender sender, LedgeredHandler handler) {
        Work.awaitHandled(handler, 1_000);
        hold(() -> cluster.node(node).freeze());
        sender.whenInFlight(() -> work.begin(kind));
        cluster.node(node).kill();
        gate.open();
        Work.awaitProgress(sender, handler);
        cluster.node(node).restart();
        cluster.awaitInSync();
        work.end(kind);
        Work.awaitProgress(sender, handler);
    }

    /** Each partition and the coordinator get another node, which no one asked the clients about. */
    private void moves(Work work, LedgeredSender sender, LedgeredHandler handler, SplittableRandom random) {
        Work.awaitHandled(handler, 1_000);
        hold(() -> {});
        sender.whenInFlight(() -> work.begin(MOVED));
        for (int partition = 0; partition < PARTITIONS; partition++) {
            cluster.moveLeader(work.topic(), partition, another(cluster.leader(work.topic(), partition), random));
        }
        cluster.moveCoordinator(another(cluster.coordinator(), random));
        gate.open();
        work.end(MOVED);
        Work.awaitProgress(sender, handler);
    }

    /** Under load a commit that failed is healed by the next messages' one. After these there are no more. */
    private void endsAsTheCoordinatorMoves(Work work, LedgeredSender sender) {
        long before = failedCommits();
        for (int round = 0; round < ROUNDS && failedCommits() == before; round++) {
            gate.close();
            sender.sendAll(LAST, 60);
            await("a running handler").atMost(PATIENCE).until(() -> gate.held() > 0);
            work.begin(COORDINATOR_MOVED);
            cluster.moveCoordinator(another(cluster.coordinator(), new SplittableRandom(round)));
            gate.open();
            work.awaitDrained();
            work.end(COORDINATOR_MOVED);
        }
        assertThat(failedCommits())
                .as("did not test: a heartbeat told of each move before a commit met it")
                .isGreaterThan(before);
    }

    private long failedCommits() {
        return lines.lines.stream()
                .filter(line -> line.contains("Committing {") && line.contains("} failed: "))
                .count();
    }

    private void hold(Runnable then) {
        gate.close();
        await("a running handler").atMost(PATIENCE).until(() -> gate.held() > 0);
        then.run();
    }

    private static int another(int node, SplittableRandom random) {
        List<Integer> others = new ArrayList<>(List.of(1, 2, 3));
        others.remove((Integer) node);
        return others.get(random.nextInt(others.size()));
    }

    /** Two replicas, both of which must be in sync: with one of them gone the leader refuses writes, until it is back. */
    @Nested
    @Tag("long-faults-kafka")
    class DeadLettersRefused extends DeadLettersRefusedScenario {
        @Override
        protected BackendUnderTest backend() {
            return backend;
        }

        @Override
        protected void createDeadLetterTopic(String name) throws Exception {
            NewTopic topic = new NewTopic(name, Map.of(0, List.of(1, 2))).configs(Map.of("min.insync.replicas", "2"));
            backend.admin().createTopics(List.of(topic)).all().get();
            await("a leader")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> backend.endOffsets(name).containsKey(0));
        }

        @Override
        protected void refuse(String deadLetterTopic) {
            cluster.node(2).stop();
        }

        @Override
        protected void accept(String deadLetterTopic) {
            cluster.node(2).restart();
            cluster.awaitInSync();
        }

        @Override
        protected Duration refusal() {
            return REFUSAL;
        }
    }
}
