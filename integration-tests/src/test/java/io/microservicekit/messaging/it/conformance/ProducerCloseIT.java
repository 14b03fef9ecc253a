package io.microservicekit.messaging.it.conformance;

import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.MemoryUnderTest;
import io.microservicekit.messaging.it.scenario.ProducerCloseScenario;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

class ProducerCloseIT {
    private static final int CLOSES = 10;
    private static final int SENDS = 40;

    @Nested
    @ExtendWith(KafkaServerExtension.class)
    class OnKafka extends ProducerCloseScenario {
        OnKafka(KafkaServer server) {
            super(new KafkaUnderTest(server), CLOSES, SENDS);
        }
    }

    @Nested
    class OnMemory extends ProducerCloseScenario {
        OnMemory() {
            super(new MemoryUnderTest(), 200, 12);
        }
    }

    @Nested
    @Tag("long-faults-rabbitmq")
    @ExtendWith(RabbitMqServerExtension.class)
    class OnRabbitMq extends ProducerCloseScenario {
        OnRabbitMq(RabbitMqServer server) {
            super(RabbitMqUnderTest.classic(server), CLOSES, SENDS);
        }
    }
}
