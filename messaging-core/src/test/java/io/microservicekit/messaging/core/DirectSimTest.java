package io.microservicekit.messaging.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.ClientStats;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.testkit.MemoryBroker;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Producers and consumers with connections of their own, what a client counts, and whose logger is written to. */
class DirectSimTest {
    private static final Duration SOON = Duration.ofSeconds(1);

    @Test
    void aDirectProducerAndAConsumerWorkTogetherAndEachClosesAlone() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessageProducer producer = world.builder("p").openProducer();
            MessageConsumer consumer = world.builder("c").openConsumer("shop");
            consumer.subscribe(SimWorld.TOPIC, world.recorded(message -> {})).awaitReady(SOON);

            producer.send(Message.builder(SimWorld.TOPIC).valueText("one").build());
            producer.close();
            world.send("two");
            consumer.close();
            world.send("three");

            assertThat(world.calls)
                    .extracting(call -> call.message().valueText())
                    .containsExactly("one", "two");
            assertThatThrownBy(() -> producer.send(Message.builder("t").build()))
                    .isInstanceOfSatisfying(
                            ClosedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PRODUCER_CLOSED));
            assertThatThrownBy(() -> consumer.subscribe("t", message -> {}))
                    .isInstanceOfSatisfying(
                            ClosedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONSUMER_CLOSED));
        }
    }

    @Test
    void closingADirectProducerOrConsumerEndsAllItsThreads() {
        MemoryBroker broker = MemoryBroker.create();
        MessageProducer producer = MessagingClients.builder()
                .backend(broker.options())
                .clientId("own-p")
                .openProducer();
        MessageConsumer consumer = MessagingClients.builder()
                .backend(broker.options())
                .clientId("own-c")
                .openConsumer("shop");
        consumer.subscribe("orders", message -> {}).awaitReady(Duration.ofSeconds(20));
        producer.send(Message.builder("orders").build());
        assertThat(threads("own-p")).isNotEmpty();
        assertThat(threads("own-c")).isNotEmpty();

        producer.close();
        consumer.close();
        producer.close();
        consumer.close();

        assertThat(threads("own-p")).isEmpty();
        assertThat(threads("own-c")).isEmpty();
    }

    private static Set<String> threads(String clientId) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith(clientId))
                .collect(Collectors.toSet());
    }

    @Test
    void withoutABrokerTheErrorsAreThoseOfTheSeed() {
        try (SimWorld world = SimWorld.topics(1)) {
            world.broker.disconnect();

            BackendUnavailableException producer = catchThrowableOfType(
                    BackendUnavailableException.class, () -> world.builder("p").openProducer());
            BackendUnavailableException consumer = catchThrowableOfType(
                    BackendUnavailableException.class, () -> world.builder("c").openConsumer("shop"));
            BackendUnavailableException client = catchThrowableOfType(
                    BackendUnavailableException.class, () -> world.builder("x").build());

            assertThat(producer.code()).isEqualTo(ErrorCode.CREATE_PRODUCER);
            assertThat(consumer.code()).isEqualTo(ErrorCode.CREATE_CONSUMER);
            assertThat(client.code()).isEqualTo(ErrorCode.CREATE_CLIENT);
            for (BackendUnavailableException error : new BackendUnavailableException[] {producer, consumer, client}) {
                assertThat(MessagingException.is(error, ErrorCode.NO_BROKERS_AVAILABLE))
                        .isTrue();
            }
        }
    }

    @Test
    void aDirectConsumerOfABlankGroupIsRefusedBeforeAnythingIsOpened() {
        try (SimWorld world = SimWorld.topics(1)) {
            world.broker.disconnect();
            assertThatThrownBy(() -> world.builder("c").openConsumer(" "))
                    .isInstanceOfSatisfying(
                            InvalidConfigurationException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.EMPTY_GROUP_ID));
        }
    }

    @Test
    void whatIsClosedOnItsOwnLeavesTheCounts() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("counted");
            assertThat(client.stats()).isEqualTo(new ClientStats(0, 0, false));
            MessageProducer producer = client.producer();
            client.producer();
            MessageConsumer consumer = client.consumer("shop", deadLettered());
            assertThat(client.stats()).isEqualTo(new ClientStats(2, 1, false));

            producer.close();
            consumer.close();
            assertThat(client.stats()).isEqualTo(new ClientStats(1, 0, false));

            client.close();
            assertThat(client.stats()).isEqualTo(new ClientStats(0, 0, true));
        }
    }

    private static ConsumerOptions deadLettered() {
        return ConsumerOptions.builder().deadLetterQueue(SimWorld.DEAD).build();
    }

    @Test
    void aConsumersOwnLoggerGetsWhatItsEngineLogsAndTheClientsNothingOfIt() {
        try (SimWorld world = SimWorld.topics(1)) {
            RecordedLog own = new RecordedLog();
            ConsumerOptions options = ConsumerOptions.builder()
                    .retry(RetryPolicy.exponential(1, SOON))
                    .logger(own)
                    .build();
            world.subscribe("c", options, message -> {
                throw new IllegalStateException("no stock");
            });
            world.send("poison");
            world.seconds(10);

            assertThat(own.containing("shop")).isNotEmpty();
            assertThat(world.log.containing("shop")).isEmpty();
        }
    }

    @Test
    void aConsumerWithoutALoggerWritesToTheClients() {
        try (SimWorld world = SimWorld.topics(1)) {
            world.subscribe("c", ConsumerOptions.defaults(), message -> {
                throw new IllegalStateException("no stock");
            });
            world.send("poison");
            world.seconds(10);

            assertThat(world.log.containing("shop")).isNotEmpty();
        }
    }
}
