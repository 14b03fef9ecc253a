package io.microservicekit.messaging.it.conformance;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.it.scenario.BackendUnderTest;
import io.microservicekit.messaging.it.scenario.FaultKafka;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.it.scenario.FrozenBrokerScenario;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The memory broker is in the process of its clients, and would stop with them. */
class FrozenBrokerFaultIT {
    private abstract static class OnABroker extends FrozenBrokerScenario {
        private final KafkaServer server;
        private final KafkaUnderTest backend;

        OnABroker(KafkaServer server, KafkaUnderTest backend) {
            super(10_000);
            this.server = server;
            this.backend = backend;
        }

        @AfterEach
        void close() {
            backend.close();
        }

        @Override
        protected KafkaUnderTest backend() {
            return backend;
        }

        @Override
        protected void freeze() {
            server.freeze();
        }

        @Override
        protected void thaw() {
            server.thaw();
        }
    }

    @Nested
    @ExtendWith(FaultKafka.class)
    class OnKafka extends OnABroker {
        OnKafka(KafkaServer server) {
            super(server, new KafkaUnderTest(server));
        }

        @Override
        protected BackendOptions forgottenSoon(String group) {
            return backend()
                    .optionsBuilder()
                    .requestTimeout(DRIVERS_PATIENCE)
                    .property("session.timeout.ms", "6000")
                    .property("heartbeat.interval.ms", "1000")
                    .build();
        }
    }

    @Nested
    @ExtendWith(FaultKafka.class)
    @Tag("long-faults-kafka")
    class OnKafkaThatAssigns extends OnABroker {
        OnKafkaThatAssigns(KafkaServer server) {
            super(server, KafkaUnderTest.consumerProtocol(server));
        }

        @Override
        protected BackendOptions forgottenSoon(String group) {
            backend().forgetsSoon(group);
            return backend().optionsBuilder().requestTimeout(DRIVERS_PATIENCE).build();
        }
    }

    /** A node forgets a connection when its socket is closed, which it hears of when it runs on. */
    private abstract static class OnNode extends FrozenBrokerScenario {
        private static final int PREFETCH = 10;

        private final RabbitMqServer server;
        private final RabbitMqUnderTest backend;

        OnNode(RabbitMqServer server, RabbitMqUnderTest backend) {
            super(PREFETCH);
            this.server = server;
            this.backend = backend;
        }

        @AfterEach
        void close() {
            backend.close();
        }

        @Override
        protected BackendUnderTest backend() {
            return backend;
        }

        @Override
        protected BackendOptions forgottenSoon(String group) {
            return backend.optionsBuilder().rpcTimeout(DRIVERS_PATIENCE).build();
        }

        @Override
        protected void freeze() {
            server.freeze();
        }

        @Override
        protected void thaw() {
            server.thaw();
        }
    }

    @Nested
    @ExtendWith(FaultNode.class)
    class OnRabbitMq extends OnNode {
        OnRabbitMq(RabbitMqServer server) {
            super(server, RabbitMqUnderTest.classic(server));
        }
    }

    @Nested
    @Tag("long-faults-rabbitmq")
    @ExtendWith(FaultNode.class)
    class OnRabbitMqWithQuorumQueues extends OnNode {
        OnRabbitMqWithQuorumQueues(RabbitMqServer server) {
            super(server, RabbitMqUnderTest.quorum(server));
        }
    }
}
