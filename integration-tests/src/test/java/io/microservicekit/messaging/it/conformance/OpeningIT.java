package io.microservicekit.messaging.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.OpeningScenario;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.kafka.KafkaGroupProtocol;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupType;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/** The memory broker has no address. */
class OpeningIT {
    /** Who assigns the partitions of a group is its clients' choice. */
    @Nested
    @ExtendWith(KafkaServerExtension.class)
    class OnKafka extends OpeningScenario<KafkaUnderTest> {
        OnKafka(KafkaServer server) {
            super(new KafkaUnderTest(server));
        }

        @Override
        protected Told told() {
            return new Told("kafka", "brokers", backend.bootstrapServers(), "group_protocol", "consumer");
        }

        @Override
        protected MessagingClientBuilder at(String address) {
            return MessagingClients.builder().type("kafka").brokers(address);
        }

        @Override
        protected BackendOptions typed(Told told) {
            return KafkaOptions.builder()
                    .brokers(told.address())
                    .groupProtocol(KafkaGroupProtocol.CONSUMER)
                    .build();
        }

        @Override
        protected void assertOptionCounts(Told told) throws Exception {
            ConsumerGroupDescription group = backend.admin()
                    .describeConsumerGroups(List.of(topic))
                    .describedGroups()
                    .get(topic)
                    .get();
            assertThat(group.type()).isEqualTo(GroupType.CONSUMER);
        }

        @Override
        protected Map<String, ?> seedsKeys() {
            return Map.of(
                    "type", "kafka",
                    "brokers", List.of(backend.bootstrapServers()),
                    "kafka", Map.of("fetch.max.wait.ms", 50, "revoke_drain", "2s"));
        }

        @Override
        protected String addressOfNobody() {
            return "127.0.0.1:1";
        }
    }

    @Nested
    @ExtendWith(RabbitMqServerExtension.class)
    class OnRabbitMq extends OpeningScenario<RabbitMqUnderTest> {
        OnRabbitMq(RabbitMqServer server) {
            super(RabbitMqUnderTest.classic(server));
        }

        @Override
        protected Told told() {
            return new Told("rabbitmq", "url", backend.url(), "exchange", topic + "-exchange");
        }

        @Override
        protected MessagingClientBuilder at(String address) {
            return MessagingClients.builder().type("rabbitmq").url(address);
        }

        @Override
        protected BackendOptions typed(Told told) {
            return RabbitMqOptions.builder()
                    .url(told.address())
                    .exchange(told.value())
                    .build();
        }

        @Override
        protected void assertOptionCounts(Told told) {
            backend.publish(told.value(), topic, "theirs");
            awaitReceived("theirs");
        }

        @Override
        protected Map<String, ?> seedsKeys() {
            return Map.of(
                    "type", "rabbitmq",
                    "url", backend.url(),
                    "rabbitmq", Map.of("prefetch_count", 10, "rpc_timeout", "5s"));
        }

        @Override
        protected String addressOfNobody() {
            return "amqp://127.0.0.1:1";
        }
    }
}
