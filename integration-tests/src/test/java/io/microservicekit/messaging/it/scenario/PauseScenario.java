package io.microservicekit.messaging.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.MessagingClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pause longer than the broker's patience with members that do not poll: nothing is handled, nobody is expelled, nothing is lost. */
public abstract class PauseScenario {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The patience of the broker, where it has any. */
    protected static final Duration MAX_POLL_INTERVAL = Duration.ofSeconds(6);

    private final BackendUnderTest backend;
    private final Duration pause;
    private final ConcurrentLinkedQueue<ReceivedMessage> received = new ConcurrentLinkedQueue<>();

    /** On a broker that expels members which do not poll for {@link #MAX_POLL_INTERVAL}, the pause must be longer. */
    protected PauseScenario(BackendUnderTest backend, Duration pause) {
        this.backend = backend;
        this.pause = pause;
    }

    @AfterEach
    void closeBackend() {
        backend.close();
    }

    private void send(MessageProducer producer, String topic, int from) {
        for (int i = from; i < from + 100; i++) {
            producer.send(Message.builder(topic).valueText(Integer.toString(i)).build());
        }
    }

    @Test
    void aLongPauseHandlesNothingKeepsTheMembershipAndLosesNothing(@TempDir Path dir) throws Exception {
        try (Run run = Run.in(dir);
                MessagingClient client = MessagingClients.builder()
                        .backend(backend.options(MAX_POLL_INTERVAL))
                        .build()) {
            String topic = run.name("pause");
            String group = run.name("patient");
            backend.createTopic(topic, 1);
            Subscription subscription =
                    client.consumer(group).subscribe(topic, received::add).awaitReady(PATIENCE);
            send(client.producer(), topic, 0);
            awaitReceived(100);
            subscription.pause();
            awaitCommitted(group, topic);

            send(client.producer(), topic, 100);
            Awaitility.await("nothing is handled")
                    .during(pause)
                    .atMost(PATIENCE)
                    .until(() -> received.size() == 100);
            subscription.resume();

            awaitReceived(200);
            List<ReceivedMessage> all = new ArrayList<>(received);
            assertThat(all)
                    .extracting(m -> Integer.valueOf(String.valueOf(m.valueText())))
                    .doesNotHaveDuplicates()
                    .isSorted();
            if (backend.hasPositions()) {
                assertThat(all)
                        .as("no rebalance")
                        .extracting(m -> m.position().epoch())
                        .containsOnly(epoch(all));
            }
            awaitCommitted(group, topic);
        }
    }

    private static long epoch(List<ReceivedMessage> all) {
        return all.get(0).position().epoch();
    }

    private void awaitReceived(int count) {
        Awaitility.await("received " + count).atMost(PATIENCE).until(() -> received.size() >= count);
    }

    private void awaitCommitted(String group, String topic) {
        Awaitility.await("all committed").atMost(PATIENCE).until(() -> backend.isDrained(group, topic));
    }
}
