package io.microservicekit.messaging.it.conformance;

import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.MemoryUnderTest;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.it.scenario.ShutdownScenario;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** With the broker frozen: see {@code FrozenBrokerFaultIT}. */
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

    @Tag("long-faults-rabbitmq")
    @Nested
    @ExtendWith(RabbitMqServerExtension.class)
    class OnRabbitMq extends ShutdownScenario {
        OnRabbitMq(RabbitMqServer server) {
            super(RabbitMqUnderTest.classic(server));
        }
    }

    @Tag("long-faults-rabbitmq")
    @Nested
    @ExtendWith(RabbitMqServerExtension.class)
    class OnRabbitMqWithQuorumQueues extends ShutdownScenario {
        OnRabbitMqWithQuorumQueues(RabbitMqServer server) {
            super(RabbitMqUnderTest.quorum(server));
        }
    }
}
