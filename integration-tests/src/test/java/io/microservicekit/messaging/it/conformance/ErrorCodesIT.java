package io.microservicekit.messaging.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.Startup;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.scenario.ErrorCodesScenario;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.KafkaTopology;
import io.microservicekit.messaging.testkit.MemoryBroker;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
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

        @Test
        void allSeventeenOfTheSeedAreAmongThem() {
            assertThat(codes()).containsAll(ofTheSeed());
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
            provoke(ErrorCode.SEND_QUEUE_FULL, this::overfill);
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

        private void overfill() {
            ProducerOptions one = ProducerOptions.builder()
                    .maxInFlight(1)
                    .sendTimeout(Duration.ofSeconds(1))
                    .build();
            try (var client = unreachable().startup(Startup.WAIT).build();
                    MessageProducer producer = client.producer(one)) {
                var unused = producer.sendAsync(Message.builder("topic").build());
                producer.sendAsync(Message.builder("topic").build()).join();
            } catch (CompletionException e) {
                throw (RuntimeException) e.getCause();
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

        @Test
        void allSeventeenOfTheSeedAreAmongThem() {
            assertThat(codes()).containsAll(ofTheSeed());
        }

        /** AUTHENTICATION and AUTHORIZATION need a secured broker: KafkaSecurityIT asks for both by their names. Kafka routes everything. */
        @Test
        void allOthersAreAmongThemToo() {
            EnumSet<ErrorCode> elsewhere =
                    EnumSet.of(ErrorCode.AUTHENTICATION, ErrorCode.AUTHORIZATION, ErrorCode.UNROUTABLE);
            assertThat(codes()).isEqualTo(EnumSet.complementOf(elsewhere));
        }
    }

    private static Set<ErrorCode> ofTheSeed() {
        return EnumSet.range(ErrorCode.NO_BROKERS, ErrorCode.BATCH_SEND);
    }
}
