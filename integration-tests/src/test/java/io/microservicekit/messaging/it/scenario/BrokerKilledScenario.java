package io.microservicekit.messaging.it.scenario;

import static io.microservicekit.messaging.it.Within.within;
import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.Within;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.Order;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients produce and consume while the only broker is killed and restarted, and are never restarted themselves. */
@Fault({"F1", "F2"})
public abstract class BrokerKilledScenario {
    private static final String KILL = "broker-killed";
    private static final int KEYS = 60;

    private final List<Load> loads = new ArrayList<>();

    /**
     * What one client works on.
     *
     * @param backend the broker
     * @param options the client's
     * @param consuming its consumer's
     * @param partitions of its topic
     * @param perSecond how many messages it sends
     * @param duplicates how many messages a kill may bring again, by what this backend promises
     * @param order what of its order this backend promises
     */
    public record Client(
            BackendUnderTest backend,
            BackendOptions options,
            ConsumerOptions consuming,
            int partitions,
            int perSecond,
            int duplicates,
            Order order) {

        /** Returns the same client where a kill changes the order. */
        public Client unordered() {
            return new Client(backend, options, consuming, partitions, perSecond, duplicates, Order.NONE);
        }
    }

    /** The clients that work side by side. */
    protected abstract List<Client> clients();

    /** How long after an independent client was answered each of them goes on at the latest. */
    protected abstract Duration recovery();

    /** The broker answers no more. */
    protected abstract void freeze();

    /** It ends at once, with what it had in memory. */
    protected abstract void kill();

    /** It starts again; returns when an independent client was answered. */
    protected abstract void restart();

    /** Ends the broker when it is this test's own. */
    protected void closeBroker() {}

    @AfterEach
    void close() {
        loads.forEach(Load::close);
        closeBroker();
    }

    @Test
    void theSameClientsGoOnWithoutLossWhenTheirBrokerIsKilledThreeTimes(@TempDir Path dir) throws Exception {
        assertTheyGoOn(dir, 3, new SplittableRandom(3));
    }

    /** They go on while the broker is killed so many times, each time when a random number of messages was handled since. */
    protected final void assertTheyGoOn(Path dir, int kills, SplittableRandom random) throws Exception {
        assertTheyGoOn(dir, clients(), kills, random);
    }

    /** So do these. */
    protected final void assertTheyGoOn(Path dir, List<Client> clients, int kills, SplittableRandom random)
            throws Exception {
        for (Client client : clients) {
            loads.add(new Load(client, Run.in(Files.createTempDirectory(dir, "run"))));
        }
        inside(loads, () -> {
            for (int i = 0; i < kills; i++) {
                // Of one to two seconds: a quorum queue needs one to be remembered.
                int percent = random.nextInt(100, 200);
                loads.forEach(load -> Work.awaitHandled(load.handler, load.client.perSecond() * percent / 100));
                recover();
            }
        });
        loads.forEach(load -> load.judge(kills));
    }

    /** All of them are under load while a part of a test runs. */
    private static void inside(List<Load> left, CommitSampler.Part part) throws Exception {
        if (left.isEmpty()) {
            part.run();
            return;
        }
        left.get(0).during(() -> inside(left.subList(1, left.size()), part));
    }

    /** A kill hits sends without an outcome and running handlers; the broker is back when an independent client was answered. */
    private void recover() throws Exception {
        Duration took = within(recovery(), watch -> {
            loads.forEach(Load::holdAHandler);
            freeze();
            loads.forEach(Load::awaitUnconfirmed);
            loads.forEach(load -> load.work.begin(KILL));
            kill();
            loads.forEach(load -> load.gate.open());
            restart();
            loads.forEach(load -> load.work.end(KILL));
            return progress(watch);
        });
        System.out.println("progress " + took.toMillis() + " ms after the broker was back");
    }

    private Duration progress(Within.Watch watch) throws Exception {
        return watch.time(() -> {
            long begin = System.nanoTime();
            loads.forEach(load -> Work.awaitProgress(load.sender, load.handler));
            return Duration.ofNanos(System.nanoTime() - begin);
        });
    }

    /** One client at work. */
    private static final class Load {
        final Client client;
        final Work work;
        final Gate gate = new Gate(message -> {});
        final LedgeredHandler handler;
        final MessagingClient messaging;
        final LedgeredSender sender;

        Load(Client client, Run run) {
            this.client = client;
            this.work = Work.on(client.backend(), run, "killed", client.partitions());
            this.handler = work.handler("consumer", gate);
            this.messaging =
                    MessagingClients.builder().backend(client.options()).build();
            this.sender = new LedgeredSender(run, messaging.producer(), work.topic());
            messaging
                    .consumer(work.group(), client.consuming())
                    .subscribe(work.topic(), handler)
                    .awaitReady(PATIENCE);
        }

        void during(CommitSampler.Part part) throws Exception {
            work.sampled(() -> {
                sender.during(client.perSecond(), KEYS, gate.openAfter(part));
                work.awaitDrained();
            });
        }

        void holdAHandler() {
            gate.close();
            await("a running handler").atMost(PATIENCE).until(() -> gate.held() > 0);
        }

        void awaitUnconfirmed() {
            await("a send without an outcome").atMost(PATIENCE).until(() -> sender.inFlight() > 0);
        }

        void judge(int kills) {
            messaging.close();
            work.judge(Expectations.builder()
                    .order(client.order())
                    .duplicatesPer(KILL, client.duplicates())
                    .plansEach(KILL, kills, Bite.SEND_UNCONFIRMED)
                    .plansEach(KILL, kills, Bite.HANDLER_RUNNING));
        }

        void close() {
            gate.open();
            messaging.close();
            work.run().close();
        }
    }
}
