package io.microservicekit.messaging.it.conformance;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.it.scenario.BrokerHealthScenario;
import io.microservicekit.messaging.it.scenario.FaultKafka;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.Outage;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.testkit.junit.FaultProxy;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The memory broker is in the process of its clients, and is never silent. */
class BrokerHealthFaultIT {
    @Nested
    @ExtendWith(FaultKafka.class)
    class OnKafka extends BrokerHealthScenario<KafkaUnderTest> {
        private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);

        private final KafkaServer server;

        OnKafka(KafkaServer server) {
            super(new KafkaUnderTest(server));
            this.server = server;
        }

        @Override
        protected BackendOptions options() {
            return backend.optionsBuilder().requestTimeout(REQUEST_TIMEOUT).build();
        }

        @Override
        protected Outage killed() {
            return Outage.killed(server);
        }

        @Override
        protected Outage silent() {
            return Outage.frozen(server);
        }

        @Override
        protected Duration silentWithin() {
            return REQUEST_TIMEOUT.plusSeconds(5);
        }
    }

    @Nested
    @ExtendWith(FaultNode.class)
    class OnRabbitMq extends BrokerHealthScenario<RabbitMqUnderTest> {
        private final RabbitMqServer server;
        private final FaultProxy network;

        OnRabbitMq(RabbitMqServer server) {
            super(RabbitMqUnderTest.classic(server));
            this.server = server;
            this.network = backend.network();
        }

        @AfterEach
        void closeNetwork() {
            network.close();
        }

        @Override
        protected BackendOptions options() {
            return backend.optionsThrough(network.address()).build();
        }

        @Override
        protected Outage killed() {
            return Outage.killed(server);
        }

        /** Long before the heartbeats tell. */
        @Override
        protected Outage silent() {
            return Outage.blackHole(network);
        }

        /** The last good answer holds for a second and the next one is waited for four; one more for the way to the caller. */
        @Override
        protected Duration silentWithin() {
            return Duration.ofSeconds(6);
        }

        @Override
        @Test
        @Tag("long-faults-rabbitmq")
        protected void aKilledBrokerIsFoundWithinFiveSecondsAndWhenItIsBackAllIsWellAgain() throws Exception {
            assertFoundAndForgotten(KILLED_WITHIN, killed());
        }

        @Override
        @Test
        @Tag("long-faults-rabbitmq")
        protected void aSilentBrokerIsFoundInTimeAndForgottenWhenItSpeaksAgain() throws Exception {
            assertFoundAndForgotten(silentWithin(), silent());
        }
    }
}
