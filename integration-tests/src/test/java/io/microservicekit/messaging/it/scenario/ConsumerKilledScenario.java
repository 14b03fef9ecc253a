package io.microservicekit.messaging.it.scenario;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.Event;
import io.microservicekit.messaging.it.accounting.Event.HandlerStep;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.ExpectationsBuilder;
import io.microservicekit.messaging.it.accounting.Order;
import io.microservicekit.messaging.it.scenario.ConsumerProcess.Job;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that consumes is killed: nothing is lost, and no more is repeated than it had and the broker did not know of. */
@Fault("F22")
public abstract class ConsumerKilledScenario<B extends BackendUnderTest> {
    private static final String KILL = "kill";
    private static final int KEYS = 60;

    /** The broker. */
    protected final B backend;

    private final List<ConsumerProcess> members = new ArrayList<>();
    private final ExecutorService beside = Executors.newSingleThreadExecutor();
    private Run run;
    private Work work;
    private Job job;

    protected ConsumerKilledScenario(B backend) {
        this.backend = backend;
    }

    /** What the processes connect to. */
    protected abstract ConsumerProcess.Broker broker();

    /** Where that is. */
    protected abstract String address();

    /** How many partitions there are, where there are any. */
    protected abstract int partitions();

    /** How much may come twice for each kill. */
    protected abstract int duplicates();

    /** How many messages the one of two that is killed in the middle has before it. */
    protected abstract int messages();

    /** Before a process connects. */
    protected void prepare(Work toDo) {}

    /** A process is dead and no other has taken over yet. */
    protected void killed(Work done) {}

    /** All messages that were there have their sender's outcome. */
    protected void sent(Work done, String victim) {}

    /** Before it is judged. */
    protected void judging() {}

    @BeforeEach
    void begin(@TempDir Path dir) {
        run = Run.in(dir);
        work = Work.on(backend, run, "killed", partitions());
        job = new Job(broker(), address(), work.group(), work.topic(), run.id(), dir);
        prepare(work);
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
        ConsumerProcess victim = fork("victim");
        work.sampled(() -> {
            try (MessagingClient sending = sender()) {
                LedgeredSender sender = new LedgeredSender(run, sending.producer(), work.topic());
                Future<?> sends = beside.submit(() -> sender.sendAll(messages(), KEYS));
                awaitHandled(messages() / 6);
                killWhileHandling(victim);
                sends.get();
                sent(work, victim.name());
                takeOver();
            }
        });
        judge(promises(1).plans(KILL, 1, Bite.HANDLER_RUNNING).killed("victim"));
    }

    private void takeOver() {
        LedgeredHandler successor = job.handler(run.ledger(), "successor");
        try (MessagingClient client = job.open(successor)) {
            work.end(KILL);
            work.awaitDrained();
            assertThat(successor.handled()).as("handled by the successor").isPositive();
            assertThat(client.shutdown(Duration.ofSeconds(5)).clean()).isTrue();
        }
    }

    /** One of two is killed so many times, each time when a random number of so many messages was handled since. */
    protected final void assertNothingIsLost(int kills, int messages) throws Exception {
        SplittableRandom random = Seed.random();
        List<ConsumerProcess> pair = new ArrayList<>(List.of(fork("a"), fork("b")));
        work.sampled(() -> {
            try (MessagingClient sending = sender()) {
                new LedgeredSender(run, sending.producer(), work.topic()).sendAll(messages, 400);
            }
            int step = messages / (kills + 1);
            for (int i = 0; i < kills; i++) {
                awaitHandled(step * i + random.nextInt(1, step));
                replace(pair, random.nextInt(pair.size()));
            }
            work.awaitDrained();
            for (ConsumerProcess member : pair) {
                member.stop();
            }
        });
        judge(promises(kills).killed("a").killed("b"));
    }

    private void replace(List<ConsumerProcess> pair, int which) throws Exception {
        ConsumerProcess victim = pair.get(which);
        kill(victim);
        sent(work, victim.name());
        pair.set(which, fork(victim.name()));
        work.end(KILL);
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
        await(count + " messages handled").atMost(PATIENCE).until(() -> handled() >= count);
    }

    private long handled() {
        return run.history().entries().stream()
                .filter(entry -> entry.event() instanceof Event.Handling step && step.step() == HandlerStep.OK)
                .count();
    }

    /** Where little is sent a moment may have nothing running, and nothing would have to come again: one call is held until its process dies. */
    private void killWhileHandling(ConsumerProcess victim) throws Exception {
        victim.hold();
        // Soon, so that what was handled just before is not acknowledged yet.
        await("a handler that is held")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(2))
                .until(victim::isHolding);
        kill(victim);
    }

    private void kill(ConsumerProcess victim) throws InterruptedException {
        work.begin(KILL);
        victim.kill();
        killed(work);
    }

    private ExpectationsBuilder promises(int kills) {
        return Expectations.builder()
                .order(Order.PARTITION)
                .duplicatesPer(KILL, duplicates())
                .plans(KILL, kills, Bite.REDELIVERED);
    }

    private void judge(ExpectationsBuilder promises) {
        judging();
        work.judge(promises);
    }
}
