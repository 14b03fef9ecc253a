package io.microservicekit.messaging.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.core.MessagingClients;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A producer that is started before the first consumer of its group. */
public abstract class ProvisionScenario {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final BackendUnderTest backend;
    private final String topic = "provisioned-" + UUID.randomUUID().toString().substring(0, 8);

    protected ProvisionScenario(BackendUnderTest backend) {
        this.backend = backend;
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private MessagingClient client() {
        return MessagingClients.builder().backend(backend.options()).build();
    }

    private void send(MessagingClient client, String value) {
        client.producer()
                .send(Message.builder(topic).keyText(value).valueText(value).build());
    }

    /** What a group gets, whose first consumer starts now, up to a value. */
    private List<String> received(String group, String last) {
        List<String> received = new CopyOnWriteArrayList<>();
        try (MessagingClient client = client()) {
            client.consumer(group).subscribe(topic, message -> received.add(String.valueOf(message.valueText())));
            await().atMost(PATIENCE).until(() -> received.contains(last));
        }
        return received;
    }

    @Test
    void whatIsSentAfterAGroupWasProvisionedReachesItsFirstConsumer() {
        backend.createTopic(topic, 2);
        try (MessagingClient producing = client()) {
            producing.provision(topic + "-group", List.of(topic));
            send(producing, "1");
            producing.provision(topic + "-group", List.of(topic));
            send(producing, "2");
        }

        assertThat(received(topic + "-group", "2")).contains("1", "2").hasSize(2);
    }

    @Test
    void aGroupThatConsumesIsLeftAsItIs() {
        backend.createTopic(topic, 2);
        List<String> received = new CopyOnWriteArrayList<>();
        try (MessagingClient client = client()) {
            client.consumer(topic)
                    .subscribe(topic, message -> received.add(String.valueOf(message.valueText())))
                    .awaitReady(PATIENCE);
            send(client, "1");
            client.provision(topic, List.of(topic));
            send(client, "2");
            await().atMost(PATIENCE).until(() -> received.contains("1") && received.contains("2"));
        }
        assertThat(received).hasSize(2);
    }
}
