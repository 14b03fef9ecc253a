package io.microservicekit.messaging.it.kafka;

import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.MemoryUnderTest;
import io.microservicekit.messaging.it.scenario.ShutdownScenario;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/** With the broker frozen: see {@link BrokerFrozenFaultIT}. */
class ShutdownIT {
    @Nested
    @ExtendWith(KafkaServerExtension.class)
    class OnKafka extends ShutdownScenario {
        OnKafka(KafkaServer server) {
            super(new KafkaUnderTest(server));
        }
    }

    @Nested
    class OnMemory extends ShutdownScenario {
        OnMemory() {
            super(new MemoryUnderTest());
        }
    }
}
