package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.core.MessagingConfig;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a client is called, as a real broker sees it, and where its adapter writes. */
@ExtendWith(KafkaServerExtension.class)
class ClientFrontIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaServer server;

    ClientFrontIT(KafkaServer server) {
        this.server = server;
    }

    private MessagingClientBuilder configured(Map<String, ?> more) {
        return MessagingClients.builder()
                .config(MessagingConfig.from(Map.of("type", "kafka", "brokers", List.of(server.bootstrapServers()))))
                .config(MessagingConfig.from(more));
    }

    private static Message message(String topic, String value) {
        return Message.builder(topic).valueText(value).build();
    }

    @Test
    void theBrokerSeesTheClientIdOfConsumersAndProducers() throws Exception {
        server.createTopic("seen", 1);
        try (MessagingClient client = configured(Map.of("client_id", "front-7")).build();
                Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
            client.consumer("seen-group").subscribe("seen", message -> {}).awaitReady(PATIENCE);
            assertThat(admin.describeConsumerGroups(List.of("seen-group"))
                            .describedGroups()
                            .get("seen-group")
                            .get()
                            .members())
                    .extracting(MemberDescription::clientId)
                    .allSatisfy(id -> assertThat(id).startsWith("front-7-consumer-"));

            assertThat(isSlowedAs(admin, client.producer(), "front-7-producer-1"))
                    .isTrue();
        }
    }

    /** A quota of that client id makes the broker hold this producer back: it can only know it by its id. */
    private static boolean isSlowedAs(Admin admin, MessageProducer producer, String clientId) throws Exception {
        producer.send(message("seen", "x".repeat(50_000)));
        ClientQuotaEntity entity = new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, clientId));
        ClientQuotaAlteration slow =
                new ClientQuotaAlteration(entity, List.of(new ClientQuotaAlteration.Op("producer_byte_rate", 2_000.0)));
        long before = slowest(producer);
        admin.alterClientQuotas(List.of(slow)).all().get();
        await("the quota of " + clientId).atMost(PATIENCE).until(() -> slowest(producer) > 1_000 + 2 * before);
        return true;
    }

    /** Milliseconds of the slowest of a few sends that do not compress to nothing. */
    private static long slowest(MessageProducer producer) {
        long slowest = 0;
        for (int i = 0; i < 4; i++) {
            long start = System.nanoTime();
            producer.send(message("seen", incompressible(20_000)));
            slowest = Math.max(
                    slowest, Duration.ofNanos(System.nanoTime() - start).toMillis());
        }
        return slowest;
    }

    private static String incompressible(int length) {
        StringBuilder text = new StringBuilder(length);
        for (long state = 88_172_645_463_325_252L; text.length() < length; ) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
            text.append(Long.toHexString(state));
        }
        return text.toString();
    }

    @Test
    void theKafkaAdapterOfAConsumerWritesToTheConsumersLogger() {
        Lines own = new Lines();
        Lines clients = new Lines();
        try (MessagingClient client = configured(Map.of()).logger(clients).build()) {
            client.consumer(
                            "logged-group",
                            ConsumerOptions.builder().logger(own).build())
                    .subscribe("not-there", message -> {});

            await().atMost(PATIENCE).until(() -> own.lines.stream().anyMatch(line -> line.contains("not-there")));
            assertThat(clients.lines).noneMatch(line -> line.contains("not-there"));
        }
    }
}
