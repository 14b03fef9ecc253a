package io.microservicekit.messaging.it.conformance;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.HealthReport;
import io.microservicekit.messaging.api.HealthStatus;
import io.microservicekit.messaging.api.SubscriptionState;
import io.microservicekit.messaging.it.scenario.HealthScenario;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.MemoryUnderTest;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

class HealthIT {
    @Nested
    @ExtendWith(KafkaServerExtension.class)
    class OnKafka extends HealthScenario<KafkaUnderTest> {
        OnKafka(KafkaServer server) {
            super(new KafkaUnderTest(server));
        }

        /** Elsewhere a topic is there when it is subscribed or sent to. */
        @Test
        void aTopicThatDoesNotExistIsNamedByReadinessUntilItIsThere() {
            client.consumer("health-missing").subscribe(topic, message -> {});
            await("the missing topic named")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(client.health().readiness().reasons())
                            .containsExactly("Group 'health-missing' is STARTING: topics [" + topic
                                    + "] do not exist; create them, they are looked for every 5 s"));
            HealthReport report = client.health();
            assertThat(report.readiness().status()).isEqualTo(HealthStatus.DOWN);
            assertThat(report.liveness().status()).isEqualTo(HealthStatus.UP);

            backend.createTopic(topic, 1);

            awaitUp();
            assertThat(client.health().subscriptions().get(0).state()).isEqualTo(SubscriptionState.RUNNING);
        }
    }

    @Nested
    class OnMemory extends HealthScenario<MemoryUnderTest> {
        OnMemory() {
            super(new MemoryUnderTest());
        }
    }

    @Nested
    @ExtendWith(RabbitMqServerExtension.class)
    class OnRabbitMq extends HealthScenario<RabbitMqUnderTest> {
        OnRabbitMq(RabbitMqServer server) {
            super(RabbitMqUnderTest.classic(server));
        }
    }

    @Tag("long-faults-rabbitmq")
    @Nested
    @ExtendWith(RabbitMqServerExtension.class)
    class OnRabbitMqWithQuorumQueues extends HealthScenario<RabbitMqUnderTest> {
        OnRabbitMqWithQuorumQueues(RabbitMqServer server) {
            super(RabbitMqUnderTest.quorum(server));
        }
    }
}
