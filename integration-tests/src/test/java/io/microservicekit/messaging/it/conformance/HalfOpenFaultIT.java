package io.microservicekit.messaging.it.conformance;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.HealthReport;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.SubscriptionHealth;
import io.microservicekit.messaging.api.SubscriptionState;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.Order;
import io.microservicekit.messaging.it.scenario.Client;
import io.microservicekit.messaging.it.scenario.FaultKafka;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.it.scenario.HalfOpenScenario;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.Outage;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptionsBuilder;
import io.microservicekit.messaging.testkit.junit.FaultProxy;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The memory broker has no connections. */
class HalfOpenFaultIT {
    @Nested
    @ExtendWith(FaultKafka.class)
    class OnKafka extends HalfOpenScenario {
        private static final int PARTITIONS = 3;
        private static final int MAX_UNCOMMITTED = 500;

        /** After which the driver gives a connection up. */
        private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

        private final FaultProxy network;
        private final KafkaUnderTest backend;

        OnKafka(KafkaServer server) {
            this.network = server.proxy();
            this.backend = KafkaUnderTest.proxied(server);
        }

        @AfterEach
        void close() {
            backend.close();
        }

        @Override
        protected FaultProxy network() {
            return network;
        }

        @Override
        protected Client proxied() {
            return new Client(
                    backend,
                    backend.optionsBuilder().requestTimeout(REQUEST_TIMEOUT).build(),
                    ConsumerOptions.builder().maxUncommitted(MAX_UNCOMMITTED).build(),
                    PARTITIONS,
                    500,
                    PARTITIONS * (MAX_UNCOMMITTED + 1),
                    Order.PARTITION);
        }

        @Override
        protected Duration noticedWithin() {
            return REQUEST_TIMEOUT.plusSeconds(5);
        }

        @Override
        protected Duration recovery() {
            return Duration.ofSeconds(15);
        }

        /** The driver sends again by itself. */
        @Override
        protected List<Bite> bites() {
            return List.of();
        }

        /** It tells nobody; it connects anew. */
        @Override
        protected Callable<Boolean> givenUp(MessagingClient client) {
            long connections = network.accepted();
            return () -> network.accepted() > connections;
        }
    }

    private abstract static class OnNode extends HalfOpenScenario {
        private static final int PREFETCH = 50;
        private static final Duration SHORT = Duration.ofSeconds(4);

        private final RabbitMqServer server;
        private final RabbitMqUnderTest backend;
        private final FaultProxy network;

        OnNode(RabbitMqServer server, RabbitMqUnderTest backend) {
            this.server = server;
            this.backend = backend;
            this.network = backend.network();
        }

        @AfterEach
        void close() {
            network.close();
            backend.close();
        }

        @Override
        protected FaultProxy network() {
            return network;
        }

        @Override
        protected Client proxied() {
            return proxied(SHORT);
        }

        final Client proxied(Duration heartbeat) {
            return client(backend.optionsThrough(network.address()).heartbeat(heartbeat));
        }

        private Client client(RabbitMqOptionsBuilder options) {
            return new Client(
                    backend,
                    options.prefetchCount(PREFETCH).build(),
                    ConsumerOptions.defaults(),
                    1,
                    300,
                    PREFETCH,
                    Order.PARTITION);
        }

        @Override
        protected Duration noticedWithin() {
            return noticedWithin(SHORT);
        }

        /** Two and a quarter heartbeats. */
        final Duration noticedWithin(Duration heartbeat) {
            return heartbeat.multipliedBy(9).dividedBy(4).plusSeconds(2);
        }

        /** Two attempts. */
        @Override
        protected Duration recovery() {
            return Duration.ofSeconds(30);
        }

        @Override
        protected List<Bite> bites() {
            return List.of(Bite.SEND_UNKNOWN, Bite.DISRUPTED);
        }

        /** Both connections. Health knows of the silence long before the heartbeats do: it asks. */
        @Override
        protected Callable<Boolean> givenUp(MessagingClient client) {
            return () -> {
                HealthReport health = client.health();
                SubscriptionHealth consumer = health.subscriptions().get(0);
                return tellsOfHeartbeats(health.readiness().reasons())
                        && consumer.state() == SubscriptionState.RECOVERING
                        && tellsOfHeartbeats(consumer.reasons());
            };
        }

        private static boolean tellsOfHeartbeats(List<String> reasons) {
            return reasons.stream().anyMatch(reason -> reason.contains("eartbeat"));
        }

        @Fault("F4")
        @Test
        void aFrozenNodeIsNoticedAfterTwoAndAQuarterHeartbeatsAndNothingIsLost(@TempDir Path dir) throws Exception {
            assertFrozenNodeNoticed(dir, SHORT);
        }

        final void assertFrozenNodeNoticed(Path dir, Duration heartbeat) throws Exception {
            Client direct = client(backend.optionsBuilder().heartbeat(heartbeat));
            assertNoticed(dir, direct, noticedWithin(heartbeat), Outage.frozen(server));
        }
    }

    @Nested
    @ExtendWith(FaultNode.class)
    class OnRabbitMq extends OnNode {
        private static final Duration DEFAULT = Duration.ofSeconds(10);

        OnRabbitMq(RabbitMqServer server) {
            super(server, RabbitMqUnderTest.classic(server));
        }

        @Fault("F4")
        @Test
        @Tag("long-faults-rabbitmq")
        void aFrozenNodeIsNoticedWithTheDefaultHeartbeat(@TempDir Path dir) throws Exception {
            assertFrozenNodeNoticed(dir, DEFAULT);
        }

        @Fault("F4")
        @Test
        @Tag("long-faults-rabbitmq")
        void aBlackHoleIsNoticedWithTheDefaultHeartbeat(@TempDir Path dir) throws Exception {
            assertNoticed(dir, proxied(DEFAULT), noticedWithin(DEFAULT), Outage.blackHole(network()));
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
