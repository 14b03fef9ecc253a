package io.microservicekit.messaging.it.conformance;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.MemoryUnderTest;
import io.microservicekit.messaging.it.scenario.NoBrokerAtAddressScenario;
import io.microservicekit.messaging.it.scenario.NoBrokerScenario;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.testkit.MemoryBroker;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

class NoBrokerFaultIT {
    @Nested
    @ExtendWith(KafkaServerExtension.class)
    class OnKafka extends NoBrokerAtAddressScenario {
        OnKafka(KafkaServer server) {
            super(new KafkaUnderTest(server), server.bootstrapServers());
        }

        @Override
        protected BackendOptions optionsAt(String somewhere) {
            return KafkaOptions.builder().brokers(somewhere).build();
        }
    }

    /** It has no address, and is never silent. */
    @Nested
    class OnMemory extends NoBrokerScenario<MemoryUnderTest> {
        OnMemory() {
            super(new MemoryUnderTest());
        }

        @Override
        protected Way closedWay() {
            MemoryBroker broker = backend.broker();
            broker.disconnect();
            return new Way() {
                @Override
                public BackendOptions options() {
                    return broker.options();
                }

                @Override
                public String where() {
                    return "the in-memory broker";
                }

                @Override
                public void open() {
                    broker.reconnect();
                }

                @Override
                public void close() {}
            };
        }
    }

    @Nested
    @ExtendWith(FaultNode.class)
    class OnRabbitMq extends NoBrokerAtAddressScenario {
        OnRabbitMq(RabbitMqServer server) {
            super(RabbitMqUnderTest.classic(server), server.address());
        }

        @Override
        protected BackendOptions optionsAt(String somewhere) {
            return RabbitMqOptions.builder().brokers(somewhere).build();
        }
    }
}
