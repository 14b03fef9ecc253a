package io.microservicekit.messaging.it.conformance;

import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.MemoryUnderTest;
import io.microservicekit.messaging.it.scenario.StartPositionScenario;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

class StartPositionIT {
    @Nested
    @ExtendWith(KafkaServerExtension.class)
    class OnKafka extends StartPositionScenario {
        OnKafka(KafkaServer server) {
            super(new KafkaUnderTest(server));
        }
    }

    @Nested
    class OnMemory extends StartPositionScenario {
        OnMemory() {
            super(new MemoryUnderTest());
        }
    }
}
