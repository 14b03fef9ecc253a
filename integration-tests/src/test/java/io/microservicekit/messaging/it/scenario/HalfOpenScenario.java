package io.microservicekit.messaging.it.scenario;

import static io.microservicekit.messaging.it.Within.within;
import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.Within;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.ExpectationsBuilder;
import io.microservicekit.messaging.testkit.junit.FaultProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The connection stays open and nothing comes through it any more. */
public abstract class HalfOpenScenario {
    private static final String SILENCE = "silence";

    /** The network between the broker and the client of {@link #proxied}, each time the same. */
    protected abstract FaultProxy network();

    /** A client behind the network. */
    protected abstract Client proxied();

    /** How long after the silence was there its driver gives a connection up at the latest. */
    protected abstract Duration noticedWithin();

    /** How long after the silence all goes on. */
    protected abstract Duration recovery();

    /** What else the silence must have done to this backend's clients. */
    protected abstract List<Bite> bites();

    /** Asked before the silence: what tells whether the driver has given the silent connections up. */
    protected abstract Callable<Boolean> givenUp(MessagingClient client);

    @Fault("F4")
    @Test
    void aBlackHoleIsNoticedInTimeAndNothingIsLost(@TempDir Path dir) throws Exception {
        assertNoticed(dir, proxied(), noticedWithin(), Outage.blackHole(network()));
    }

    /** A client's driver notices a silence within a bound; each send ends, nothing is lost, and all goes on after it. */
    protected final void assertNoticed(Path dir, Client client, Duration bound, Outage silence) throws Exception {
        within(bound, watch -> {
            Run run = Run.in(Files.createTempDirectory(dir, "run"));
            try (ClientAtWork load = new ClientAtWork(client, run, SILENCE)) {
                load.during(() -> {
                    load.awaitHandledOfSeconds(1);
                    notice(load, silence, watch);
                    load.awaitProgress();
                });
                load.judge(promises(load));
                return load;
            }
        });
    }

    private ExpectationsBuilder promises(ClientAtWork load) {
        ExpectationsBuilder promises = load.promises(SILENCE, 1).recoversWithin(SILENCE, recovery());
        bites().forEach(bite -> promises.plans(SILENCE, 1, bite));
        return promises;
    }

    private void notice(ClientAtWork load, Outage silence, Within.Watch watch) throws Exception {
        // Of one partition: what others have fetched is handled and acknowledged into the silence. A queue is one.
        load.holdAHandler(message -> message.position().partition() <= 0);
        Callable<Boolean> givenUp = givenUp(load.messaging());
        try {
            silence.begin().run();
            load.beginUnconfirmed(SILENCE);
            watch.time(() -> {
                await("given up").atMost(PATIENCE).until(givenUp);
                return load;
            });
            System.out.println("silence noticed after " + watch.elapsed());
            assertThat(silence.bit().call()).as("did not test: the silence").isTrue();
            load.gate().open();
        } finally {
            silence.end().run();
        }
        load.work().end(SILENCE);
    }
}
