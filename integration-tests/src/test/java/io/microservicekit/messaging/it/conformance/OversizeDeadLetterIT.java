package io.microservicekit.messaging.it.conformance;

import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.OversizeDeadLetterScenario;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The memory broker takes messages of any size: see {@code OversizeDeadLetterSimTest}. */
class OversizeDeadLetterIT {
    private static final int NARROW = 1_500;

    /** The dead-letter topic has a limit of its own. */
    @Nested
    @ExtendWith(KafkaServerExtension.class)
    class OnKafka extends OversizeDeadLetterScenario<KafkaUnderTest> {
        OnKafka(KafkaServer server) {
            super(new KafkaUnderTest(server));
        }

        @Override
        protected void narrow(String deadLetterTopic) {
            backend.limit(deadLetterTopic, NARROW);
        }

        @Override
        protected void widen(String deadLetterTopic) {
            backend.limit(deadLetterTopic, 1_000_000);
        }
    }

    /** The node has one limit for all, whatever their queues, and closes the channel by which more comes. */
    @Tag("long-faults-rabbitmq")
    @Nested
    @ExtendWith(FaultNode.class)
    class OnRabbitMq extends OversizeDeadLetterScenario<RabbitMqUnderTest> {
        private int wide;

        OnRabbitMq(RabbitMqServer server) {
            super(RabbitMqUnderTest.classic(server));
        }

        @Override
        protected void narrow(String deadLetterTopic) {
            wide = backend.limit(NARROW);
        }

        @Override
        protected void widen(String deadLetterTopic) {
            if (wide > 0) {
                backend.limit(wide);
            }
        }
    }
}
