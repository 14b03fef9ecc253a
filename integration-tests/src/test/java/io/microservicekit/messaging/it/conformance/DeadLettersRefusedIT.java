package io.microservicekit.messaging.it.conformance;

import io.microservicekit.messaging.it.scenario.BackendUnderTest;
import io.microservicekit.messaging.it.scenario.DeadLettersRefusedScenario;
import io.microservicekit.messaging.it.scenario.MemoryUnderTest;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** On Kafka it takes several nodes: see {@code ClusterFaultIT}. */
class DeadLettersRefusedIT {
    private abstract static class Shortly extends DeadLettersRefusedScenario {
        @Override
        protected Duration refusal() {
            return Duration.ofSeconds(3);
        }
    }

    @Nested
    class OnMemory extends Shortly {
        private final MemoryUnderTest backend = new MemoryUnderTest();

        @Override
        protected BackendUnderTest backend() {
            return backend;
        }

        @Override
        protected void createDeadLetterTopic(String name) {
            backend.createTopic(name, 1);
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

    /** The dead-letter queue is full, and refuses ({@code reject-publish}). */
    @Nested
    @ExtendWith(RabbitMqServerExtension.class)
    class OnRabbitMqThatRefuses extends OnRabbitMq {
        OnRabbitMqThatRefuses(RabbitMqServer server) {
            super(RabbitMqUnderTest.classic(server));
        }

        /** The next try comes later the longer it lasts. */
        @Override
        protected Duration refusal() {
            return Duration.ofSeconds(1);
        }

        @Override
        protected void refuse(String deadLetterTopic) {
            backend.refuse(deadLetterTopic);
        }

        @Override
        protected void accept(String deadLetterTopic) {
            backend.accept(deadLetterTopic);
        }
    }

    /** The dead-letter queue is deleted. */
    @Tag("long-faults-rabbitmq")
    @Nested
    @ExtendWith(RabbitMqServerExtension.class)
    class OnRabbitMqWithoutTheQuorumQueue extends OnRabbitMq {
        OnRabbitMqWithoutTheQuorumQueue(RabbitMqServer server) {
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
    }

    private abstract static class OnRabbitMq extends Shortly {
        final RabbitMqUnderTest backend;

        OnRabbitMq(RabbitMqUnderTest backend) {
            this.backend = backend;
        }

        @Override
        protected BackendUnderTest backend() {
            return backend;
        }

        /** Its consumer declares it. */
        @Override
        protected void createDeadLetterTopic(String name) {}
    }
}
