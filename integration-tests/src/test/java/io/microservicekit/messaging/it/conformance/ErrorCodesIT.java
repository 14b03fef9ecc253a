package io.microservicekit.messaging.it.conformance;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.scenario.ErrorCodesScenario;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.KafkaTopology;
import io.microservicekit.messaging.rabbitmq.QueueType;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.testkit.MemoryBroker;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

class ErrorCodesIT {
    @Nested
    class OnMemory extends ErrorCodesScenario {
        private final MemoryBroker broker = MemoryBroker.create();
        private final MemoryBroker away = MemoryBroker.create();
        private final MemoryBroker queues = MemoryBroker.queues();

        OnMemory() {
            away.disconnect();
            provoke(ErrorCode.UNROUTABLE, () -> {
                try (MessageProducer producer = of(queues).openProducer()) {
                    producer.send(Message.builder("nobody-is-bound").build());
                }
            });
            provoke(ErrorCode.CAPABILITY_MISSING, () -> {
                try (var client = of(queues).build()) {
                    client.consumer(
                            "g",
                            ConsumerOptions.builder()
                                    .startPosition(StartPosition.EARLIEST)
                                    .build());
                }
            });
        }

        private MessagingClientBuilder of(MemoryBroker connected) {
            return MessagingClients.builder().backend(connected.options());
        }

        @Override
        protected MessagingClientBuilder reachable() {
            return of(broker);
        }

        @Override
        protected MessagingClientBuilder unreachable() {
            return of(away);
        }

        @Override
        protected String refusingTopic() {
            String topic = unique("refusing");
            broker.failSends(topic, SendOutcome.NOT_DELIVERED, 10);
            return topic;
        }

        @Override
        protected String undeliverableTopic() {
            return refusingTopic();
        }

        /** It asks for no credentials, takes any size, and a topic has as many partitions as it has. */
        @Override
        protected Set<ErrorCode> elsewhere() {
            return EnumSet.of(
                    ErrorCode.AUTHENTICATION,
                    ErrorCode.AUTHORIZATION,
                    ErrorCode.MESSAGE_TOO_LARGE,
                    ErrorCode.TOPOLOGY_MISMATCH);
        }
    }

    @Nested
    @ExtendWith(KafkaServerExtension.class)
    class OnKafka extends ErrorCodesScenario {
        private final KafkaServer server;

        OnKafka(KafkaServer server) {
            this.server = server;
            provoke(ErrorCode.MESSAGE_TOO_LARGE, () -> {
                String topic = unique("large");
                server.createTopic(topic, 1);
                with(client -> client.producer()
                        .send(Message.builder(topic).value(new byte[2 << 20]).build()));
            });
            provoke(
                    ErrorCode.CAPABILITY_MISSING,
                    () -> reachable().runtime(SimulatedRuntime.seeded(1)).build());
            provoke(ErrorCode.TOPOLOGY_MISMATCH, this::wantMorePartitions);
        }

        private void wantMorePartitions() {
            String topic = unique("narrow");
            server.createTopic(topic, 1);
            KafkaOptions three = KafkaOptions.builder()
                    .brokers(server.bootstrapServers())
                    .topology(KafkaTopology.create(3, 1))
                    .build();
            try (var client = MessagingClients.builder().backend(three).build()) {
                client.consumer("g").subscribe(topic, message -> {}).awaitReady(Duration.ofSeconds(60));
            }
        }

        @Override
        protected MessagingClientBuilder reachable() {
            return MessagingClients.builder().brokers(server.bootstrapServers());
        }

        @Override
        protected MessagingClientBuilder unreachable() {
            return MessagingClients.builder().brokers("127.0.0.1:1").connectTimeout(Duration.ofMillis(500));
        }

        @Override
        protected String refusingTopic() {
            return "not a topic name of Kafka";
        }

        @Override
        protected String undeliverableTopic() {
            return unique("missing");
        }

        /** AUTHENTICATION and AUTHORIZATION need a secured broker: KafkaSecurityIT asks for both by their names. Kafka routes everything. */
        @Override
        protected Set<ErrorCode> elsewhere() {
            return EnumSet.of(ErrorCode.AUTHENTICATION, ErrorCode.AUTHORIZATION, ErrorCode.UNROUTABLE);
        }
    }

    @Nested
    @ExtendWith(RabbitMqServerExtension.class)
    class OnRabbitMq extends ErrorCodesScenario {
        private final RabbitMqServer server;

        OnRabbitMq(RabbitMqServer server) {
            this.server = server;
            provoke(
                    ErrorCode.UNROUTABLE,
                    () -> with(client -> client.producer()
                            .send(Message.builder(unique("nobody-is-bound")).build())));
            provoke(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    () -> with(client -> client.producer()
                            .send(Message.builder("large")
                                    .value(new byte[17 << 20])
                                    .build())));
            provoke(
                    ErrorCode.CAPABILITY_MISSING,
                    () -> with(client -> client.consumer(
                            "g",
                            ConsumerOptions.builder()
                                    .startPosition(StartPosition.EARLIEST)
                                    .build())));
            provoke(ErrorCode.TOPOLOGY_MISMATCH, this::wantAnotherType);
        }

        private void wantAnotherType() {
            String group = unique("classic");
            RabbitMqUnderTest.classic(server).declareQueue(group);
            RabbitMqOptions quorum = RabbitMqOptions.builder()
                    .url(server.url())
                    .queueType(QueueType.QUORUM)
                    .build();
            try (var client = MessagingClients.builder().backend(quorum).build()) {
                client.consumer(group).subscribe("topic", message -> {}).awaitReady(Duration.ofSeconds(60));
            }
        }

        @Override
        protected MessagingClientBuilder reachable() {
            return MessagingClients.builder()
                    .backend(RabbitMqOptions.builder().url(server.url()).build());
        }

        @Override
        protected MessagingClientBuilder unreachable() {
            return MessagingClients.builder()
                    .backend(RabbitMqOptions.builder().brokers("127.0.0.1:1").build())
                    .connectTimeout(Duration.ofMillis(500));
        }

        /** No queue is bound to it. */
        @Override
        protected String refusingTopic() {
            return unique("nobody-is-bound");
        }

        @Override
        protected String undeliverableTopic() {
            return refusingTopic();
        }

        /** RefusalsIT asks for both by their names. */
        @Override
        protected Set<ErrorCode> elsewhere() {
            return EnumSet.of(ErrorCode.AUTHENTICATION, ErrorCode.AUTHORIZATION);
        }
    }
}
