package io.microservicekit.messaging.it.conformance;

import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.MemoryUnderTest;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.it.scenario.RoundTripScenario;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

class RoundTripIT {
    @Nested
    @ExtendWith(KafkaServerExtension.class)
    class OnKafka extends RoundTripScenario {
        OnKafka(KafkaServer server) {
            super(new KafkaUnderTest(server));
        }
    }

    @Nested
    @ExtendWith(KafkaServerExtension.class)
    class OnKafkaWhereTheBrokerAssigns extends RoundTripScenario {
        OnKafkaWhereTheBrokerAssigns(KafkaServer server) {
            super(KafkaUnderTest.consumerProtocol(server));
        }
    }

    @Nested
    class OnMemory extends RoundTripScenario {
        OnMemory() {
            super(new MemoryUnderTest());
        }
    }

    @Nested
    @ExtendWith(RabbitMqServerExtension.class)
    class OnRabbitMq extends RoundTripScenario {
        OnRabbitMq(RabbitMqServer server) {
            super(RabbitMqUnderTest.classic(server));
        }
    }

    @Nested
    @ExtendWith(RabbitMqServerExtension.class)
    class OnRabbitMqWithQuorumQueues extends RoundTripScenario {
        OnRabbitMqWithQuorumQueues(RabbitMqServer server) {
            super(RabbitMqUnderTest.quorum(server));
        }

        @Test
        void tenThousandMessagesAreHandledOnceInTheOrderOfTheirQueueAndCommitted(@TempDir Path dir) throws Exception {
            assertHandledOnceInOrder(dir, 10_000);
        }

        /** At some hundred messages in a second each. */
        @Override
        @Test
        @Tag("long-faults-rabbitmq")
        protected void aHundredThousandMessagesAreHandledOnceInTheOrderOfTheirPartitionAndCommitted(@TempDir Path dir)
                throws Exception {
            super.aHundredThousandMessagesAreHandledOnceInTheOrderOfTheirPartitionAndCommitted(dir);
        }
    }
}
