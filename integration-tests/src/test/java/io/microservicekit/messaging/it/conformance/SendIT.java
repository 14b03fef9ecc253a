package io.microservicekit.messaging.it.conformance;

import static io.microservicekit.messaging.api.message.SendOutcome.NOT_DELIVERED;
import static io.microservicekit.messaging.api.message.SendOutcome.UNKNOWN;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.MemoryUnderTest;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.it.scenario.SendScenario;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

class SendIT {
    @Nested
    @ExtendWith(KafkaServerExtension.class)
    class OnKafka extends SendScenario<KafkaUnderTest> {
        OnKafka(KafkaServer server) {
            super(new KafkaUnderTest(server));
        }

        /** One is too large for its topic, and the topic of the other is not there: nobody takes it within its time. */
        @Override
        protected List<Failing> failing(String topic) {
            backend.limit(topic, 2_000);
            byte[] incompressible = new byte[50_000];
            new SplittableRandom(1).nextBytes(incompressible);
            Message large = Message.builder(topic).value(incompressible).build();
            Message missing = Message.builder(unique("missing")).build();
            return List.of(
                    new Failing(large, NOT_DELIVERED, ErrorCode.MESSAGE_TOO_LARGE),
                    new Failing(missing, NOT_DELIVERED, ErrorCode.TIMEOUT));
        }

        @Override
        protected String threadOfContinuations(String clientId) {
            return "kafka-producer-network-thread";
        }
    }

    @Nested
    class OnMemory extends SendScenario<MemoryUnderTest> {
        OnMemory() {
            super(new MemoryUnderTest());
        }

        @Override
        protected List<Failing> failing(String topic) {
            String refusing = unique("refusing");
            String doubtful = unique("doubtful");
            backend.broker().refuse(refusing);
            backend.broker().failSends(doubtful, UNKNOWN, 1);
            return List.of(
                    new Failing(Message.builder(refusing).build(), NOT_DELIVERED, ErrorCode.SEND_MESSAGE),
                    new Failing(Message.builder(doubtful).build(), UNKNOWN, ErrorCode.SEND_MESSAGE));
        }

        @Override
        protected String threadOfContinuations(String clientId) {
            return clientId + "-";
        }
    }

    @Nested
    @ExtendWith(RabbitMqServerExtension.class)
    class OnRabbitMq extends OnAnyRabbitMq {
        OnRabbitMq(RabbitMqServer server) {
            super(RabbitMqUnderTest.classic(server));
        }
    }

    @Tag("long-faults-rabbitmq")
    @Nested
    @ExtendWith(RabbitMqServerExtension.class)
    class OnRabbitMqWithQuorumQueues extends OnAnyRabbitMq {
        OnRabbitMqWithQuorumQueues(RabbitMqServer server) {
            super(RabbitMqUnderTest.quorum(server));
        }
    }

    private abstract static class OnAnyRabbitMq extends SendScenario<RabbitMqUnderTest> {
        OnAnyRabbitMq(RabbitMqUnderTest backend) {
            super(backend);
        }

        /** The queue of one is full, and the other has none: it is returned. */
        @Override
        protected List<Failing> failing(String topic) {
            String full = unique("full");
            backend.declareFullQueue(full);
            Message nobodys = Message.builder(unique("nobody-is-bound")).build();
            return List.of(
                    new Failing(Message.builder(full).build(), NOT_DELIVERED, ErrorCode.SEND_MESSAGE),
                    new Failing(nobodys, NOT_DELIVERED, ErrorCode.UNROUTABLE));
        }

        @Override
        protected String threadOfContinuations(String clientId) {
            return "AMQP Connection ";
        }
    }
}
