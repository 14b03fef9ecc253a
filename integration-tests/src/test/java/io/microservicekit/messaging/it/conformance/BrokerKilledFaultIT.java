package io.microservicekit.messaging.it.conformance;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.it.accounting.Order;
import io.microservicekit.messaging.it.scenario.BrokerKilledScenario;
import io.microservicekit.messaging.it.scenario.Client;
import io.microservicekit.messaging.it.scenario.FaultKafka;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.it.scenario.Seed;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptionsBuilder;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The memory broker is in the process of its clients, and dies with them. */
class BrokerKilledFaultIT {
    private abstract static class OnABroker extends BrokerKilledScenario {
        private static final int PARTITIONS = 3;
        private static final int MAX_UNCOMMITTED = 500;

        private final KafkaServer server;
        private final KafkaUnderTest backend;

        OnABroker(KafkaServer server, KafkaUnderTest backend) {
            this.server = server;
            this.backend = backend;
        }

        @Override
        protected void closeBackend() {
            backend.close();
        }

        /** What is not yet committed comes again, and what is running. */
        @Override
        protected List<Client> clients() {
            ConsumerOptions consuming =
                    ConsumerOptions.builder().maxUncommitted(MAX_UNCOMMITTED).build();
            int duplicates = PARTITIONS * (MAX_UNCOMMITTED + 1);
            return List.of(
                    new Client(backend, backend.options(), consuming, PARTITIONS, 2_000, duplicates, Order.PARTITION));
        }

        @Override
        protected Duration recovery() {
            return Duration.ofSeconds(15);
        }

        @Override
        protected void freeze() {
            server.freeze();
        }

        @Override
        protected void kill() {
            server.kill();
        }

        @Override
        protected void restart() {
            server.restart();
        }
    }

    @Nested
    @ExtendWith(FaultKafka.class)
    class OnKafka extends OnABroker {
        OnKafka(KafkaServer server) {
            super(server, new KafkaUnderTest(server));
        }

        @Test
        @Tag("long-faults-kafka")
        void theSameClientsGoOnWithoutLossWhenTheirBrokerIsKilledFifteenTimesAtRandom(@TempDir Path dir)
                throws Exception {
            assertTheyGoOn(dir, 15, Seed.random());
        }
    }

    @Nested
    @ExtendWith(FaultKafka.class)
    @Tag("long-faults-kafka")
    class OnKafkaThatAssigns extends OnABroker {
        OnKafkaThatAssigns(KafkaServer server) {
            super(server, KafkaUnderTest.consumerProtocol(server));
        }
    }

    /** Two clients, one with a classic queue and one with a quorum queue. */
    @Nested
    @ExtendWith(FaultNode.class)
    class OnRabbitMq extends BrokerKilledScenario {
        private static final int PREFETCH = 50;

        private final RabbitMqServer server;

        OnRabbitMq(RabbitMqServer server) {
            this.server = server;
        }

        /**
         * What was delivered comes again. A killed node also forgets which messages of a classic queue were acknowledged: there is no bound, the report
         * prints the count. A quorum queue serves its next messages before it has taken back those of consumers that are gone (so it does with the plain
         * client); a single active consumer is served after that.
         */
        @Override
        protected List<Client> clients() {
            RabbitMqUnderTest classic = RabbitMqUnderTest.classic(server);
            RabbitMqUnderTest quorum = RabbitMqUnderTest.quorum(server);
            return List.of(
                    client(classic, classic.optionsBuilder(), Integer.MAX_VALUE),
                    client(quorum, quorum.optionsBuilder().singleActiveConsumer(true), PREFETCH));
        }

        private static Client client(RabbitMqUnderTest backend, RabbitMqOptionsBuilder options, int duplicates) {
            return new Client(
                    backend,
                    options.prefetchCount(PREFETCH).build(),
                    ConsumerOptions.defaults(),
                    1,
                    500,
                    duplicates,
                    Order.PARTITION);
        }

        /** Two attempts, up to 12 s apart: a queue that is not ready yet closes the connection of the first. */
        @Override
        protected Duration recovery() {
            return Duration.ofSeconds(30);
        }

        @Override
        protected void freeze() {
            server.freeze();
        }

        @Override
        protected void kill() {
            server.kill();
        }

        @Override
        protected void restart() {
            server.restart();
        }

        /**
         * A quorum queue without a single active consumer: its order is not kept when a node dies, for it serves its next messages before it has taken back
         * those of the consumer that is gone; nothing is lost, and what comes again is bounded.
         */
        @Test
        @Tag("long-faults-rabbitmq")
        void aPlainQuorumQueueLosesNothingAndRepeatsWhatWasDeliveredWhenTheBrokerIsKilledThreeTimes(@TempDir Path dir)
                throws Exception {
            RabbitMqUnderTest quorum = RabbitMqUnderTest.quorum(server);
            Client plain = client(quorum, quorum.optionsBuilder(), PREFETCH).unordered();
            assertTheyGoOn(dir, List.of(plain), 3, Seed.random());
        }

        @Test
        @Tag("long-faults-rabbitmq")
        void theSameClientsGoOnWithoutLossWhenTheirBrokerIsKilledTwelveTimesAtRandom(@TempDir Path dir)
                throws Exception {
            assertTheyGoOn(dir, 12, Seed.random());
        }
    }
}
