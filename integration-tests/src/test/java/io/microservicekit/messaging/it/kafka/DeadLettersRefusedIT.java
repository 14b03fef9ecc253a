package io.microservicekit.messaging.it.kafka;

import io.microservicekit.messaging.it.scenario.BackendUnderTest;
import io.microservicekit.messaging.it.scenario.DeadLettersRefusedScenario;
import io.microservicekit.messaging.it.scenario.MemoryUnderTest;
import java.time.Duration;
import org.junit.jupiter.api.Nested;

/** On Kafka it takes several nodes: see {@link ClusterFaultIT}. */
class DeadLettersRefusedIT {
    @Nested
    class OnMemory extends DeadLettersRefusedScenario {
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

        @Override
        protected Duration refusal() {
            return Duration.ofSeconds(3);
        }
    }
}
