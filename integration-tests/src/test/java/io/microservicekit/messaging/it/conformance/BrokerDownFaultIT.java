package io.microservicekit.messaging.it.conformance;

import io.microservicekit.messaging.it.scenario.BrokerDownScenario;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The memory broker is in the process of its clients, and keeps no send waiting when it is away: see {@code SendBoundSimTest}. */
class BrokerDownFaultIT {
    @Nested
    class OnKafka extends BrokerDownScenario {
        private @Nullable KafkaServer server;

        @Override
        protected String type() {
            return "kafka";
        }

        @Override
        protected String start(String aTopic) {
            server = KafkaServer.start();
            server.createTopic(aTopic, 3);
            return server.bootstrapServers();
        }

        @Override
        protected void kill() {
            Objects.requireNonNull(server).kill();
        }

        @AfterEach
        void close() {
            if (server != null) {
                server.close();
            }
        }
    }

    @Tag("long-faults-rabbitmq")
    @Nested
    @ExtendWith(FaultNode.class)
    class OnRabbitMq extends BrokerDownScenario {
        private final RabbitMqServer server;

        OnRabbitMq(RabbitMqServer server) {
            this.server = server;
        }

        @Override
        protected String type() {
            return "rabbitmq";
        }

        @Override
        protected String start(String aTopic) {
            RabbitMqUnderTest.classic(server).provision(aTopic, aTopic);
            return server.address();
        }

        @Override
        protected void kill() {
            server.kill();
        }
    }
}
