package io.microservicekit.messaging.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.Startup;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.testkit.MemoryBroker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StartupSimTest {
    private static final Duration SOON = Duration.ofSeconds(1);

    @Test
    void byDefaultAClientWithoutABrokerIsNotBuilt() {
        try (SimWorld world = SimWorld.topics(1)) {
            world.broker.disconnect();

            assertThatThrownBy(() -> world.client("fast"))
                    .isInstanceOf(BackendUnavailableException.class)
                    .satisfies(e -> assertThat(MessagingException.is(e, ErrorCode.CREATE_CLIENT))
                            .isTrue())
                    .satisfies(e -> assertThat(MessagingException.is(e.getCause(), ErrorCode.NO_BROKERS_AVAILABLE))
                            .isTrue());
        }
    }

    @Test
    void aClientThatWaitsIsThereAtOnceAndWorksWhenABrokerAppears() {
        try (SimWorld world = SimWorld.topics(1)) {
            world.broker.disconnect();
            Duration before = world.sim.elapsed();
            MessagingClient client = world.builder("late").startup(Startup.WAIT).build();
            assertThat(world.sim.elapsed()).isEqualTo(before);

            Subscription subscription =
                    client.consumer(SimWorld.GROUP).subscribe(SimWorld.TOPIC, world.recorded(message -> {}));
            assertThatThrownBy(() -> client.producer()
                            .send(Message.builder(SimWorld.TOPIC).build()))
                    .isInstanceOf(MessagingException.class);
            world.seconds(5);
            assertThat(subscription.ready()).isNotDone();
            world.broker.reconnect();
            world.seconds(2);

            subscription.awaitReady(SOON);
            client.producer()
                    .send(Message.builder(SimWorld.TOPIC).valueText("now").build());
            world.sim.settle();
            assertThat(world.calls).hasSize(1);
        }
    }

    @Test
    void waitingIsToldOnceAndItsEndToo() {
        try (SimWorld world = SimWorld.topics(1)) {
            world.broker.disconnect();
            world.builder("late").startup(Startup.WAIT).build();
            world.seconds(10);
            assertThat(world.log.containing("'late' is not connected")).hasSize(1);
            assertThat(world.log.containing("'late' is connected")).isEmpty();

            world.broker.reconnect();
            world.seconds(2);
            assertThat(world.log.containing("'late' is connected")).hasSize(1);
        }
    }

    @Test
    void aClientThatWaitsAsksNoMoreAfterItWasClosed() {
        try (SimWorld world = SimWorld.topics(1)) {
            world.broker.disconnect();
            MessagingClient client = world.builder("late").startup(Startup.WAIT).build();
            client.close();
            world.broker.reconnect();
            world.seconds(5);

            assertThat(world.log.containing("'late' is connected")).isEmpty();
        }
    }

    @Test
    void whatABackendCannotDoIsCheckedAfterConnecting() {
        try (SimWorld world = SimWorld.of(MemoryBroker.builder().queueFlavour())) {
            world.broker.disconnect();
            MessagingClient client = world.builder("late").startup(Startup.WAIT).build();
            ConsumerOptions replay = ConsumerOptions.builder()
                    .startPosition(StartPosition.EARLIEST)
                    .build();
            MessageConsumer consumer = client.consumer("early", replay);
            assertThat(consumer.group()).isEqualTo("early");

            world.broker.reconnect();
            world.seconds(2);

            assertThatThrownBy(() -> client.consumer("late", replay))
                    .isInstanceOfSatisfying(
                            InvalidConfigurationException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.CAPABILITY_MISSING));
            assertThatThrownBy(() -> consumer.subscribe(SimWorld.TOPIC, message -> {}))
                    .satisfies(e -> assertThat(MessagingException.is(e, ErrorCode.CAPABILITY_MISSING))
                            .isTrue());
        }
    }
}
