package io.microservicekit.messaging.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.MemoryUnderTest;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.it.scenario.RetryScenario;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

class RetryIT {
    /** A compacted topic takes nothing that has no key. */
    @Nested
    @ExtendWith(KafkaServerExtension.class)
    class OnKafka extends RetryScenario<KafkaUnderTest> {
        private static final Duration PATIENCE = Duration.ofSeconds(60);

        OnKafka(KafkaServer server) {
            super(new KafkaUnderTest(server));
        }

        @Override
        protected void refuse(String deadLetterTopic) throws Exception {
            cleanUp(deadLetterTopic, "compact");
        }

        @Override
        protected void accept(String deadLetterTopic) throws Exception {
            cleanUp(deadLetterTopic, "delete");
        }

        @Fault("F16")
        @Test
        void aMissingDeadLetterTopicFailsTheSubscriptionByItsName() {
            Subscription subscription = subscribe(message -> {});

            assertThatThrownBy(() -> subscription.awaitReady(PATIENCE))
                    .isInstanceOf(MessagingException.class)
                    .hasMessageContaining("'" + deadLetters + "'")
                    .satisfies(failure -> assertThat(MessagingException.is(failure, ErrorCode.CREATE_CONSUMER))
                            .isTrue());
            assertThat(subscription.completion()).isCompletedExceptionally();
            assertThat(backend.committed(group, topic)).isEmpty();
        }

        private void cleanUp(String topic, String policy) throws Exception {
            AlterConfigOp change =
                    new AlterConfigOp(new ConfigEntry("cleanup.policy", policy), AlterConfigOp.OpType.SET);
            backend.admin()
                    .incrementalAlterConfigs(
                            Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(change)))
                    .all()
                    .get();
        }
    }

    @Nested
    class OnMemory extends RetryScenario<MemoryUnderTest> {
        OnMemory() {
            super(new MemoryUnderTest());
        }

        @Override
        protected void refuse(String deadLetterTopic) {
            backend.broker().refuse(deadLetterTopic);
        }

        @Override
        protected void accept(String deadLetterTopic) {
            backend.broker().accept(deadLetterTopic);
        }
    }

    @Nested
    @ExtendWith(RabbitMqServerExtension.class)
    class OnRabbitMq extends RetryScenario<RabbitMqUnderTest> {
        OnRabbitMq(RabbitMqServer server) {
            super(RabbitMqUnderTest.classic(server));
        }

        @Override
        protected void refuse(String deadLetterTopic) {
            backend.deleteQueue(deadLetterTopic);
        }

        @Override
        protected void accept(String deadLetterTopic) {
            backend.declareQueue(deadLetterTopic);
        }

        /** It is not there. */
        @Override
        protected void holdsNothing(String deadLetterTopic) {}
    }

    @Tag("long-faults-rabbitmq")
    @Nested
    @ExtendWith(RabbitMqServerExtension.class)
    class OnRabbitMqWithQuorumQueues extends RetryScenario<RabbitMqUnderTest> {
        OnRabbitMqWithQuorumQueues(RabbitMqServer server) {
            super(RabbitMqUnderTest.quorum(server));
        }

        @Override
        protected void refuse(String deadLetterTopic) {
            backend.deleteQueue(deadLetterTopic);
        }

        @Override
        protected void accept(String deadLetterTopic) {
            backend.declareQueue(deadLetterTopic);
        }

        /** It is not there. */
        @Override
        protected void holdsNothing(String deadLetterTopic) {}
    }
}
