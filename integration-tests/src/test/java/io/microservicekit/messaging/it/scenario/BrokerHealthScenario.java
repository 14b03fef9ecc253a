package io.microservicekit.messaging.it.scenario;

import static io.microservicekit.messaging.it.Within.within;
import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.Within.Watch;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the health of a client says of a broker that is gone, and of one that is there and silent. The client is never restarted. */
public abstract class BrokerHealthScenario<B extends BackendUnderTest> {
    protected static final Duration KILLED_WITHIN = Duration.ofSeconds(5);
    private static final Duration CHECK = Duration.ofSeconds(2);
    /** For the way from the deadline to the caller. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private static final Duration ASKED_EACH = Duration.ofMillis(10);

    protected final B backend;
    private final String topic = "asked-" + UUID.randomUUID().toString().substring(0, 8);
    private final AtomicInteger handled = new AtomicInteger();

    protected BrokerHealthScenario(B backend) {
        this.backend = backend;
    }

    /** Options of the client. */
    protected abstract BackendOptions options();

    /** The broker's process ends at once, and starts again. */
    protected abstract Outage killed();

    /** The broker is there and says nothing. */
    protected abstract Outage silent();

    /** How long after the silence has begun readiness tells of it at the latest. */
    protected abstract Duration silentWithin();

    @AfterEach
    void closeBackend() {
        backend.close();
    }

    @Fault("F1")
    @Test
    protected void aKilledBrokerIsFoundWithinFiveSecondsAndWhenItIsBackAllIsWellAgain() throws Exception {
        assertFoundAndForgotten(KILLED_WITHIN, killed());
    }

    @Fault("F4")
    @Test
    protected void aSilentBrokerIsFoundInTimeAndForgottenWhenItSpeaksAgain() throws Exception {
        assertFoundAndForgotten(silentWithin(), silent());
    }

    /** Readiness tells of an outage within a bound, a check fails within its limit, and all is well again after it. */
    protected final void assertFoundAndForgotten(Duration bound, Outage outage) throws Exception {
        try (MessagingClient client = consuming()) {
            within(bound, watch -> {
                assertWell(client);
                during(client, outage, () -> {
                    found(client, watch);
                    checkFailsInTime(client);
                });
                return client;
            });
        }
    }

    /** Nobody has asked within the last second, whose answer would hold, and nothing else has noticed. */
    @Fault("F4")
    @Test
    void aHealthCheckFailsWithinItsLimitThoughTheConnectionsLookOpen() throws Exception {
        try (MessagingClient client = consuming()) {
            during(client, silent(), () -> {
                checkFailsInTime(client);
                assertThat(client.health().readiness().passes()).isFalse();
            });
        }
    }

    /** Messages are handled before an outage, and all is well again after it. */
    private void during(MessagingClient client, Outage outage, CommitSampler.Part part) throws Exception {
        assertHandles(client);
        try {
            outage.begin().run();
            part.run();
            assertThat(outage.bit().call()).as("did not test: the outage").isTrue();
        } finally {
            outage.end().run();
        }
        assertWell(client);
        assertHandles(client);
    }

    private MessagingClient consuming() {
        backend.createTopic(topic, 1);
        MessagingClient client = MessagingClients.builder().backend(options()).build();
        client.consumer(topic)
                .subscribe(topic, message -> handled.incrementAndGet())
                .awaitReady(PATIENCE);
        return client;
    }

    private void found(MessagingClient client, Watch watch) throws Exception {
        watch.time(() -> {
            await("readiness DOWN")
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(ASKED_EACH)
                    .until(() -> !client.health().readiness().passes());
            return client;
        });
        System.out.println("found on " + backend + " after " + watch.elapsed() + ": "
                + client.health().readiness().reasons());
        assertThat(client.health().liveness().passes())
                .as("a restart would not help")
                .isTrue();
    }

    private static void checkFailsInTime(MessagingClient client) throws Exception {
        MessagingException failure = within(
                CHECK.plus(GRACE),
                watch -> watch.time(
                        () -> catchThrowableOfType(MessagingException.class, () -> client.healthCheck(CHECK))));
        assertThat(failure).as("an open connection is no answer").isNotNull();
        assertThat(failure.code()).isEqualTo(ErrorCode.HEALTH_CHECK);
        assertThat(MessagingException.is(failure, ErrorCode.NO_BROKERS_AVAILABLE))
                .isTrue();
    }

    private static void assertWell(MessagingClient client) {
        await("up")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(client.health().reasons()).isEmpty());
        await("an answer in time").atMost(PATIENCE).untilAsserted(() -> client.healthCheck(CHECK));
    }

    private void assertHandles(MessagingClient client) {
        int before = handled.get();
        client.producer().send(Message.builder(topic).valueText("x").build());
        await("handled").atMost(PATIENCE).until(() -> handled.get() > before);
    }
}
