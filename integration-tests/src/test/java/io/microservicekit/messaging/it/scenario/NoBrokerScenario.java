package io.microservicekit.messaging.it.scenario;

import static io.microservicekit.messaging.it.Within.within;
import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Startup;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import java.time.Duration;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that is started before its broker. */
@Fault("F33")
public abstract class NoBrokerScenario<B extends BackendUnderTest> {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration SEND = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(1);

    protected final B backend;

    protected NoBrokerScenario(B backend) {
        this.backend = backend;
    }

    /** A way to the broker, closed at first, which is the same to a client as a broker that is not there. */
    protected interface Way extends AutoCloseable {
        /** Options of a client that takes it. */
        BackendOptions options();

        /** What an error names as the place where it looked. */
        String where();

        /** From now on the broker is there. */
        void open();

        @Override
        void close();
    }

    /** A way that is closed. */
    protected abstract Way closedWay() throws Exception;

    /** What a machine needs to load classes for the first time is no part of what is promised. */
    @BeforeEach
    void openOneBefore() {
        MessagingClients.builder().backend(backend.options()).build().close();
    }

    @AfterEach
    void closeBackend() {
        backend.close();
    }

    @Test
    void withoutABrokerTheClientIsRefusedWithinItsConnectTimeoutAndSaysWhereItLooked() throws Exception {
        try (Way way = closedWay()) {
            assertRefused(way);
        }
    }

    final void assertRefused(Way way) throws Exception {
        MessagingClientBuilder builder =
                MessagingClients.builder().backend(way.options()).connectTimeout(CONNECT);
        BackendUnavailableException refusal = within(
                CONNECT.plus(GRACE),
                watch -> watch.time(() -> catchThrowableOfType(BackendUnavailableException.class, builder::build)));
        assertThat(refusal).hasMessageContaining(way.where());
        assertThat(refusal.code()).isEqualTo(ErrorCode.CREATE_CLIENT);
        assertThat(MessagingException.is(refusal, ErrorCode.NO_BROKERS_AVAILABLE))
                .isTrue();
    }

    @Test
    void aClientThatWaitsIsThereAtOnceAndSendsAndReceivesWhenABrokerAppears() throws Exception {
        String topic = "late-" + UUID.randomUUID().toString().substring(0, 8);
        backend.createTopic(topic, 1);
        try (Way way = closedWay();
                MessagingClient client = within(GRACE, watch -> watch.time(() -> waiting(way)))) {
            Queue<String> received = new ConcurrentLinkedQueue<>();
            Subscription subscription =
                    client.consumer(topic).subscribe(topic, message -> received.add(message.valueText()));
            isNotDelivered(client, message(topic, "early"));
            assertThat(subscription.ready()).as("ready without a broker").isNotDone();
            way.open();
            subscription.awaitReady(PATIENCE);
            client.producer().send(message(topic, "now"));
            await("all there is received")
                    .atMost(PATIENCE)
                    .until(() -> received.contains("now") && backend.isDrained(topic, topic));
            assertThat(received).as("what was told not to be delivered is not").containsExactly("now");
        }
    }

    private static void isNotDelivered(MessagingClient client, Message message) throws Exception {
        SendException early = within(
                SEND.plus(GRACE),
                watch -> watch.time(() -> catchThrowableOfType(
                        SendException.class, () -> client.producer().send(message, SEND))));
        assertThat(early.outcome()).isEqualTo(SendOutcome.NOT_DELIVERED);
    }

    private static MessagingClient waiting(Way way) {
        return MessagingClients.builder()
                .backend(way.options())
                .startup(Startup.WAIT)
                .build();
    }

    private static Message message(String topic, String text) {
        return Message.builder(topic).valueText(text).build();
    }
}
