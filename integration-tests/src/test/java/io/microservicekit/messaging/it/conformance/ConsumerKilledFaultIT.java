package io.microservicekit.messaging.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.it.scenario.ConsumerKilledScenario;
import io.microservicekit.messaging.it.scenario.ConsumerProcess;
import io.microservicekit.messaging.it.scenario.Exposure;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.it.scenario.Work;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The memory broker is in the process of its clients. */
class ConsumerKilledFaultIT {
    @ExtendWith(KafkaServerExtension.class)
    private abstract static class OnABroker extends ConsumerKilledScenario<KafkaUnderTest> {
        private static final int PARTITIONS = 4;

        private final KafkaServer server;
        private final List<Exposure> exposures = new ArrayList<>();
        private SortedMap<Integer, Long> committed = new TreeMap<>();

        OnABroker(KafkaServer server, KafkaUnderTest backend) {
            super(backend);
            this.server = server;
        }

        @Override
        protected String address() {
            return server.bootstrapServers();
        }

        @Override
        protected int partitions() {
            return PARTITIONS;
        }

        /** What is not yet committed comes again, and what is running. */
        @Override
        protected int duplicates() {
            return PARTITIONS * (ConsumerProcess.MAX_UNCOMMITTED + 1);
        }

        @Override
        protected int messages() {
            return 30_000;
        }

        @Override
        protected void killed(Work work) {
            committed = backend.committed(work.group(), work.topic());
        }

        @Override
        protected void sent(Work work, String victim) {
            Exposure exposure = Exposure.of(work.run().history(), victim, committed);
            System.out.println("killed " + victim + ": handled but not committed " + exposure.uncommitted()
                    + ", running " + exposure.running());
            exposures.add(exposure);
        }

        @Override
        protected void judging() {
            assertThat(exposures)
                    .as("did not test: nothing was handled but not committed at a kill")
                    .anyMatch(exposure -> exposure.total() >= 1);
            exposures.forEach(OnABroker::keepsTheBound);
        }

        private static void keepsTheBound(Exposure exposure) {
            exposure.uncommitted()
                    .forEach((partition, count) -> assertThat(count)
                            .as("handled but not committed in partition %s", partition)
                            .isLessThanOrEqualTo(ConsumerProcess.MAX_UNCOMMITTED
                                    + exposure.running().getOrDefault(partition, 0L)));
        }
    }

    @Nested
    class OnKafka extends OnABroker {
        OnKafka(KafkaServer server) {
            super(server, new KafkaUnderTest(server));
        }

        @Override
        protected ConsumerProcess.Broker broker() {
            return ConsumerProcess.Broker.KAFKA;
        }

        @Test
        @Tag("long-faults-kafka")
        void nothingIsLostAndLittleIsRepeatedWhenOneOfTwoConsumersIsKilledAgainAndAgain() throws Exception {
            assertNothingIsLost(5, 100_000);
        }
    }

    @Nested
    @Tag("long-faults-kafka")
    class OnKafkaThatAssigns extends OnABroker {
        OnKafkaThatAssigns(KafkaServer server) {
            super(server, KafkaUnderTest.consumerProtocol(server));
        }

        @Override
        protected ConsumerProcess.Broker broker() {
            return ConsumerProcess.Broker.KAFKA_THAT_ASSIGNS;
        }

        @Override
        protected void prepare(Work toDo) {
            backend.forgetsSoon(toDo.group());
        }
    }

    @Nested
    class OnRabbitMq extends OnQueues {
        OnRabbitMq(RabbitMqServer server) {
            super(server, RabbitMqUnderTest.classic(server), ConsumerProcess.Broker.RABBITMQ);
        }
    }

    @Tag("long-faults-rabbitmq")
    @Nested
    class OnRabbitMqWithQuorumQueues extends OnQueues {
        OnRabbitMqWithQuorumQueues(RabbitMqServer server) {
            super(server, RabbitMqUnderTest.quorum(server), ConsumerProcess.Broker.RABBITMQ_QUORUM);
        }
    }

    @ExtendWith(RabbitMqServerExtension.class)
    private abstract static class OnQueues extends ConsumerKilledScenario<RabbitMqUnderTest> {
        private final RabbitMqServer server;
        private final ConsumerProcess.Broker broker;

        OnQueues(RabbitMqServer server, RabbitMqUnderTest backend, ConsumerProcess.Broker broker) {
            super(backend);
            this.server = server;
            this.broker = broker;
        }

        @Override
        protected ConsumerProcess.Broker broker() {
            return broker;
        }

        @Override
        protected String address() {
            return server.url();
        }

        @Override
        protected int partitions() {
            return 1;
        }

        /** What the killed process had and had not acknowledged comes again. */
        @Override
        protected int duplicates() {
            return ConsumerProcess.PREFETCH;
        }

        @Override
        protected int messages() {
            return 6_000;
        }
    }
}
