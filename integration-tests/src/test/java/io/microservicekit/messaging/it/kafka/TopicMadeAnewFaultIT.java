package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A topic that is deleted and made anew while it is consumed: what is sent to the new one is handled. */
@ExtendWith(KafkaServerExtension.class)
@Fault("F31")
class TopicMadeAnewFaultIT {
    private final String topic = "made-anew-" + UUID.randomUUID();
    private final Set<String> handled = new ConcurrentSkipListSet<>();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingThatIsSentToATopicMadeAnewIsLostAfterTheSubscriptionWasReady(boolean noticed, KafkaServer server)
            throws Exception {
        server.createTopic(topic, 2);
        KafkaOptions options = KafkaOptions.builder()
                .brokers(server.bootstrapServers())
                .property("metadata.max.age.ms", "1000")
                .build();
        try (MessagingClient client =
                        MessagingClients.builder().backend(options).build();
                Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
            client.consumer("group-of-" + topic)
                    .subscribe(topic, message -> handled.add(String.valueOf(message.valueText())))
                    .awaitReady(Duration.ofSeconds(30));
            MessageProducer producer = client.producer();
            send(producer, "old", 20);
            awaitHandled("old", 20);
            admin.deleteTopics(Collections.singleton(topic)).all().get(30, TimeUnit.SECONDS);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !admin.listTopics().names().get().contains(topic));
            if (noticed) {
                await().atMost(Duration.ofSeconds(30)).until(() -> assigned(admin) == 0);
            }
            server.createTopic(topic, 2);
            send(producer, "new", 100);
            awaitHandled("new", 100);
        }
    }

    /** How many partitions the group holds: none when it has seen that the topic is gone. */
    private long assigned(Admin admin) throws Exception {
        return admin
                .describeConsumerGroups(Collections.singleton("group-of-" + topic))
                .all()
                .get(30, TimeUnit.SECONDS)
                .values()
                .stream()
                .flatMap(group -> group.members().stream())
                .mapToLong(member -> member.assignment().topicPartitions().size())
                .sum();
    }

    private void send(MessageProducer producer, String what, int count) {
        for (int i = 0; i < count; i++) {
            producer.send(Message.builder(topic)
                    .keyText("key-" + i)
                    .valueText(what + "-" + i)
                    .build());
        }
    }

    private void awaitHandled(String what, int count) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(handled.stream().filter(value -> value.startsWith(what)))
                        .hasSize(count));
    }
}
