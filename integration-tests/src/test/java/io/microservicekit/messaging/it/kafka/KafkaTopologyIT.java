package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.KafkaTopology;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Topics that a subscription makes. */
@ExtendWith(KafkaServerExtension.class)
class KafkaTopologyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaServer server;
    private final List<MessagingClient> clients = new ArrayList<>();
    private final String topic = "made-" + UUID.randomUUID().toString().substring(0, 8);
    private final List<String> received = new CopyOnWriteArrayList<>();

    KafkaTopologyIT(KafkaServer server) {
        this.server = server;
    }

    @AfterEach
    void close() {
        clients.forEach(client -> client.shutdown(Duration.ofSeconds(5)));
    }

    @Test
    void missingTopicsAndTheDeadLetterTopicAreCreatedAsChosen() throws Exception {
        MessagingClient client = open(KafkaTopology.create(3, 1, Map.of("retention.ms", "7200000")));
        Subscription subscription = client.consumer(
                        "g-" + topic,
                        ConsumerOptions.builder()
                                .deadLetterQueue(topic + "-dlq")
                                .build())
                .subscribe(
                        List.of(topic),
                        message -> received.add(message.message().valueText()));
        subscription.awaitReady(PATIENCE);
        assertThat(description(topic).partitions()).hasSize(3);
        assertThat(description(topic + "-dlq").partitions()).hasSize(3);
        assertThat(config(topic, "retention.ms")).isEqualTo("7200000");
        client.producer().send(Message.builder(topic).valueText("first").build());
        await().atMost(PATIENCE).until(() -> received.equals(List.of("first")));
    }

    @Test
    void membersThatCreateAtTheSameTimeAgree() throws Exception {
        List<Subscription> members = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            MessagingClient client = open(KafkaTopology.create(3, 1));
            members.add(client.consumer("g-" + topic).subscribe(List.of(topic, topic + "-b"), message -> {}));
        }
        members.forEach(member -> member.awaitReady(PATIENCE));
        assertThat(description(topic).partitions()).hasSize(3);
    }

    @Test
    void fewerPartitionsThanWantedAreAMismatchThatNamesBoth() {
        server.createTopic(topic, 2);
        assertFailed(KafkaTopology.create(3, 1), ErrorCode.TOPOLOGY_MISMATCH, "3 partitions are wanted, it has 2");
    }

    @Test
    void fewerCopiesThanWantedAreAMismatchThatNamesBoth() {
        server.createTopic(topic, 1);
        assertFailed(KafkaTopology.create(1, 2), ErrorCode.TOPOLOGY_MISMATCH, "replication 2 is wanted, it has 1");
    }

    @Test
    void morePartitionsThanWantedAreTaken() {
        server.createTopic(topic, 4);
        Subscription subscription =
                open(KafkaTopology.create(3, 1)).consumer("g-" + topic).subscribe(List.of(topic), message -> {});
        subscription.awaitReady(PATIENCE);
    }

    @Test
    void whatTheBrokerCannotDoIsToldInItsWords() {
        assertFailed(KafkaTopology.create(1, 7), ErrorCode.CREATE_CONSUMER, "replication");
        assertFailed(
                KafkaTopology.create(1, 1, Map.of("no.such.setting", "1")),
                ErrorCode.CREATE_CONSUMER,
                "no.such.setting");
    }

    @Test
    void aProducerCreatesNothing() throws Exception {
        MessagingClient client = open(KafkaTopology.create(1, 1));
        assertThatThrownBy(() -> client.producer()
                        .send(Message.builder(topic).valueText("x").build(), Duration.ofSeconds(1)))
                .matches(error -> MessagingException.is(error, ErrorCode.TIMEOUT))
                .hasMessageContaining("the topic does not exist");
        try (Admin admin = admin()) {
            assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS)).doesNotContain(topic);
        }
    }

    private void assertFailed(KafkaTopology topology, ErrorCode code, String named) {
        Subscription subscription = open(topology).consumer("g-" + topic).subscribe(List.of(topic), message -> {});
        assertThatThrownBy(() -> subscription.completion().get(60, TimeUnit.SECONDS))
                .matches(error -> MessagingException.is(error, code), code.name())
                .hasMessageContaining(topic)
                .hasMessageContaining(named);
    }

    private MessagingClient open(KafkaTopology topology) {
        MessagingClient client = MessagingClients.builder()
                .backend(KafkaOptions.builder()
                        .brokers(server.bootstrapServers())
                        .topology(topology)
                        .metadataMaxAge(Duration.ofSeconds(1))
                        .build())
                .build();
        clients.add(client);
        return client;
    }

    private TopicDescription description(String name) throws Exception {
        try (Admin admin = admin()) {
            return admin.describeTopics(List.of(name))
                    .allTopicNames()
                    .get(30, TimeUnit.SECONDS)
                    .get(name);
        }
    }

    private String config(String name, String key) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        try (Admin admin = admin()) {
            return admin.describeConfigs(List.of(resource))
                    .all()
                    .get(30, TimeUnit.SECONDS)
                    .get(resource)
                    .get(key)
                    .value();
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()));
    }
}
