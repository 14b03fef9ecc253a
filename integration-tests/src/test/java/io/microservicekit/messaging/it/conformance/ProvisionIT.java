package io.microservicekit.messaging.it.conformance;

import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.MemoryUnderTest;
import io.microservicekit.messaging.it.scenario.ProvisionScenario;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

class ProvisionIT {
    @Nested
    @ExtendWith(KafkaServerExtension.class)
    class OnKafka extends ProvisionScenario {
        OnKafka(KafkaServer server) {
            super(new KafkaUnderTest(server));
        }
    }

    @Nested
    @ExtendWith(KafkaServerExtension.class)
    class OnKafkaWhereTheBrokerAssigns extends ProvisionScenario {
        OnKafkaWhereTheBrokerAssigns(KafkaServer server) {
            super(KafkaUnderTest.consumerProtocol(server));
        }
    }

    @Nested
    class OnMemory extends ProvisionScenario {
        OnMemory() {
            super(new MemoryUnderTest());
        }
    }

    @Nested
    @ExtendWith(RabbitMqServerExtension.class)
    class OnRabbitMq extends ProvisionScenario {
        OnRabbitMq(RabbitMqServer server) {
            super(RabbitMqUnderTest.classic(server));
        }
    }
}
