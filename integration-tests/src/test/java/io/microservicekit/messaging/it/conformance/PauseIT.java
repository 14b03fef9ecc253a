package io.microservicekit.messaging.it.conformance;

import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.MemoryUnderTest;
import io.microservicekit.messaging.it.scenario.PauseScenario;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

class PauseIT {
    @Nested
    @ExtendWith(KafkaServerExtension.class)
    class OnKafka extends PauseScenario {
        OnKafka(KafkaServer server) {
            super(new KafkaUnderTest(server), MAX_POLL_INTERVAL.multipliedBy(2).plusSeconds(1));
        }
    }

    /** Expels nobody, however long they do not poll. */
    @Nested
    class OnMemory extends PauseScenario {
        OnMemory() {
            super(new MemoryUnderTest(), Duration.ofSeconds(1));
        }
    }

    @Tag("long-faults-rabbitmq")
    @Nested
    @ExtendWith(RabbitMqServerExtension.class)
    class OnRabbitMq extends PauseScenario {
        OnRabbitMq(RabbitMqServer server) {
            super(RabbitMqUnderTest.classic(server), Duration.ofSeconds(6));
        }
    }

    @Tag("long-faults-rabbitmq")
    @Nested
    @ExtendWith(RabbitMqServerExtension.class)
    class OnRabbitMqWithQuorumQueues extends PauseScenario {
        OnRabbitMqWithQuorumQueues(RabbitMqServer server) {
            super(RabbitMqUnderTest.quorum(server), Duration.ofSeconds(6));
        }
    }
}
