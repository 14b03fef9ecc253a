package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.Event;
import io.microservicekit.messaging.it.accounting.Event.Edge;
import io.microservicekit.messaging.it.accounting.Event.HandlerStep;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.ExpectationsBuilder;
import io.microservicekit.messaging.it.accounting.History;
import io.microservicekit.messaging.it.accounting.Order;
import io.microservicekit.messaging.it.accounting.Report;
import io.microservicekit.messaging.it.scenario.CommitSampler;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.LedgeredHandler;
import io.microservicekit.messaging.it.scenario.LedgeredSender;
import io.microservicekit.messaging.it.scenario.Run;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Fault("F22")
@ExtendWith(KafkaServerExtension.class)
class ConsumerKilledFaultIT {
    private static final String KILL = "kill";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaServer server;
    private final KafkaUnderTest backend;
    private final List<ConsumerProcess> members = new ArrayList<>();
    private final List<Exposure> exposures = new ArrayList<>();
    private final ExecutorService beside = Executors.newSingleThreadExecutor();
    private SortedMap<Integer, Long> committed = new TreeMap<>();
    private Run run;
    private ConsumerProcess.Job job;

    ConsumerKilledFaultIT(KafkaServer server) {
        this.server = server;
        this.backend = new KafkaUnderTest(server);
    }

    @BeforeEach
    void begin(@TempDir Path dir) {
        run = Run.in(dir);
        job = new ConsumerProcess.Job(server.bootstrapServers(), run.name("killed"), run.name("kill"), run.id(), dir);
    }

    @AfterEach
    void end() {
        members.forEach(ConsumerProcess::close);
        beside.shutdownNow();
        run.close();
        backend.close();
    }

    @Test
    void nothingIsLostAndLittleIsRepeatedWhenAConsumerIsKilledInTheMiddle() throws Exception {
        int partitions = 3;
        backend.createTopic(job.topic(), partitions);
        ConsumerProcess victim = fork("victim");
        new CommitSampler(backend, run, job.group(), job.topic()).during(() -> {
            try (MessagingClient sending = sender()) {
                LedgeredSender sender = new LedgeredSender(run, sending.producer(), job.topic());
                Future<?> sends = beside.submit(() -> sender.sendAll(30_000, 60));
                awaitHandled(5_000);
                kill(victim);
                sends.get();
                expose(victim);
                takeOver();
            }
        });
        judge(promises(partitions, 1).killed("victim"));
    }

    private void takeOver() {
        LedgeredHandler successor = job.handler(run.ledger(), "successor");
        try (MessagingClient client = job.open(successor)) {
            run.ledger().append(new Event.Fault(KILL, Edge.END));
            awaitNoLag();
            assertThat(successor.handled()).as("handled by the successor").isPositive();
            assertThat(client.shutdown(Duration.ofSeconds(5)).clean()).isTrue();
        }
    }

    @Test
    @Tag("long-faults-kafka")
    void nothingIsLostAndLittleIsRepeatedWhenOneOfTwoConsumersIsKilledAgainAndAgain() throws Exception {
        int partitions = 4;
        int kills = 5;
        int messages = 100_000;
        SplittableRandom random = new SplittableRandom(seed());
        backend.createTopic(job.topic(), partitions);
        List<ConsumerProcess> pair = new ArrayList<>(List.of(fork("a"), fork("b")));
        new CommitSampler(backend, run, job.group(), job.topic()).during(() -> {
            try (MessagingClient sending = sender()) {
                new LedgeredSender(run, sending.producer(), job.topic()).sendAll(messages, 400);
            }
            int step = messages / (kills + 1);
            for (int i = 0; i < kills; i++) {
                awaitHandled(step * i + random.nextInt(1, step));
                replace(pair, random.nextInt(pair.size()));
            }
            awaitNoLag();
            for (ConsumerProcess member : pair) {
                member.stop();
            }
        });
        judge(promises(partitions, kills).killed("a").killed("b"));
    }

    private void replace(List<ConsumerProcess> pair, int which) throws Exception {
        ConsumerProcess victim = pair.get(which);
        kill(victim);
        expose(victim);
        pair.set(which, fork(victim.name()));
        run.ledger().append(new Event.Fault(KILL, Edge.END));
    }

    private static long seed() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("replay with -Dseed=" + seed);
        return seed;
    }

    private MessagingClient sender() {
        return MessagingClients.builder().backend(backend.options()).build();
    }

    private ConsumerProcess fork(String name) throws Exception {
        ConsumerProcess member = ConsumerProcess.fork(job, name);
        members.add(member);
        await("the consumer process " + name).atMost(PATIENCE).until(member::isReady);
        return member;
    }

    private void awaitHandled(int count) {
        await(count + " messages handled").atMost(PATIENCE).until(() -> handled(run.history()) >= count);
    }

    private static long handled(History history) {
        return history.entries().stream()
                .filter(entry -> entry.event() instanceof Event.Handling step && step.step() == HandlerStep.OK)
                .count();
    }

    private void kill(ConsumerProcess victim) throws InterruptedException {
        run.ledger().append(new Event.Fault(KILL, Edge.BEGIN));
        victim.kill();
        committed = backend.committed(job.group(), job.topic());
    }

    private void expose(ConsumerProcess victim) {
        Exposure exposure = Exposure.of(run.history(), victim.name(), committed);
        System.out.println("killed " + victim.name() + ": handled but not committed " + exposure.uncommitted()
                + ", running " + exposure.running());
        exposures.add(exposure);
    }

    private void awaitNoLag() {
        await("lag 0").atMost(PATIENCE).until(() -> backend.isDrained(job.group(), job.topic()));
    }

    private static ExpectationsBuilder promises(int partitions, int kills) {
        int bound = partitions * (ConsumerProcess.MAX_UNCOMMITTED + 1);
        return Expectations.builder()
                .order(Order.PARTITION)
                .duplicatesPer(KILL, bound)
                .plans(KILL, kills, Bite.REDELIVERED);
    }

    private void judge(ExpectationsBuilder promises) {
        History history = run.history();
        System.out.println("killed on kafka: " + Report.of(history).line());
        assertThat(exposures)
                .as("did not test: nothing was handled but not committed at a kill")
                .anyMatch(exposure -> exposure.total() >= 1);
        exposures.forEach(ConsumerKilledFaultIT::keepsTheBound);
        run.assertKeeps(
                history,
                promises.endsWith(backend.end(job.group(), job.topic())).build());
    }

    private static void keepsTheBound(Exposure exposure) {
        exposure.uncommitted()
                .forEach((partition, count) -> assertThat(count)
                        .as("handled but not committed in partition %s", partition)
                        .isLessThanOrEqualTo(ConsumerProcess.MAX_UNCOMMITTED
                                + exposure.running().getOrDefault(partition, 0L)));
    }
}
