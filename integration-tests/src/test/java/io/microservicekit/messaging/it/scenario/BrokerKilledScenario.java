package io.microservicekit.messaging.it.scenario;

import static io.microservicekit.messaging.it.Within.within;

import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.Within;
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

    private final List<ClientAtWork> loads = new ArrayList<>();

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

    /** Closes what observes the broker. */
    protected void closeBackend() {}

    @AfterEach
    void close() {
        loads.forEach(ClientAtWork::close);
        closeBackend();
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
            loads.add(new ClientAtWork(client, Run.in(Files.createTempDirectory(dir, "run")), "killed"));
        }
        inside(loads, () -> {
            for (int i = 0; i < kills; i++) {
                // Of one to two seconds: a quorum queue needs one to be remembered.
                double seconds = random.nextInt(100, 200) / 100.0;
                loads.forEach(load -> load.awaitHandledOfSeconds(seconds));
                recover();
            }
        });
        loads.forEach(load -> load.judge(load.promises(KILL, kills)));
    }

    /** All of them are under load while a part of a test runs. */
    private static void inside(List<ClientAtWork> left, CommitSampler.Part part) throws Exception {
        if (left.isEmpty()) {
            part.run();
            return;
        }
        left.get(0).during(() -> inside(left.subList(1, left.size()), part));
    }

    /** A kill hits sends without an outcome and running handlers; the broker is back when an independent client was answered. */
    private void recover() throws Exception {
        Duration took = within(recovery(), watch -> {
            loads.forEach(ClientAtWork::holdAHandler);
            freeze();
            loads.forEach(load -> load.beginUnconfirmed(KILL));
            kill();
            loads.forEach(load -> load.gate().open());
            restart();
            loads.forEach(load -> load.work().end(KILL));
            return progress(watch);
        });
        System.out.println("progress " + took.toMillis() + " ms after the broker was back");
    }

    private Duration progress(Within.Watch watch) throws Exception {
        return watch.time(() -> {
            long begin = System.nanoTime();
            loads.forEach(ClientAtWork::awaitProgress);
            return Duration.ofNanos(System.nanoTime() - begin);
        });
    }
}
