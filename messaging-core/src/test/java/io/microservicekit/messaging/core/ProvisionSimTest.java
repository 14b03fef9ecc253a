package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.testkit.MessagingAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.testkit.MemoryBroker;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A group that is prepared before it has a consumer, on both kinds of brokers. */
class ProvisionSimTest {
    /** How the broker stores and shares out messages. */
    enum Kind {
        QUEUES,
        PARTITIONS
    }

    private SimWorld world = SimWorld.topics(1);

    private void on(Kind kind) {
        world.close();
        world = kind == Kind.QUEUES ? SimWorld.of(MemoryBroker.builder().queueFlavour()) : SimWorld.topics(3);
    }

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void onPartitionsAProvisionedGroupBeginsWhereItWasProvisioned() {
        on(Kind.PARTITIONS);
        world.send("before");
        world.client("early").provision(SimWorld.GROUP, List.of(SimWorld.TOPIC));
        world.send("after");

        world.subscribe(
                "late",
                ConsumerOptions.builder().startPosition(StartPosition.EARLIEST).build(),
                message -> {});
        world.sim.settle();

        assertThat(world.values()).containsExactly("after");
    }

    @Test
    void onQueuesAMessageOfAGroupThatNobodyPreparedIsRefusedByATextThatNamesTheRemedy() {
        on(Kind.QUEUES);

        MessagingException error = catchThrowableOfType(MessagingException.class, () -> world.send("1"));

        assertThat(error.code()).isEqualTo(ErrorCode.UNROUTABLE);
        assertThat(error).hasMessageContaining("provision(group, topics)");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsSentBeforeTheFirstConsumerReachesIt(Kind kind) {
        on(kind);
        world.client("early").provision(SimWorld.GROUP, List.of(SimWorld.TOPIC, "payments"));
        world.send("1", "2", "3");

        world.subscribe("late", ConsumerOptions.defaults(), message -> {});
        world.sim.settle();

        assertThat(world.values()).containsExactlyInAnyOrder("1", "2", "3");
        assertThat(world.broker).hasAcknowledgedAll(SimWorld.GROUP).nothingLost();
    }

    @ParameterizedTest
    @EnumSource
    void aGroupThatIsThereIsLeftAsItIs(Kind kind) {
        on(kind);
        MessagingClient client = world.client("early");
        client.provision(SimWorld.GROUP, List.of(SimWorld.TOPIC));
        world.send("1");
        client.provision(SimWorld.GROUP, List.of(SimWorld.TOPIC));
        world.send("2");
        world.subscribe("late", ConsumerOptions.defaults(), message -> {});
        client.provision(SimWorld.GROUP, List.of(SimWorld.TOPIC));
        world.send("3");

        assertThat(world.values()).containsExactlyInAnyOrder("1", "2", "3");
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerMayProvision(Kind kind) {
        on(kind);
        MessagingClient client = world.client("a");
        world.subscribe(client, ConsumerOptions.defaults(), message -> client.provision("audit", List.of("entries")));
        world.send("1");
        client.producer().send(Message.builder("entries").valueText("kept").build());
        world.sim.settle();

        assertThat(world.broker.lag("audit")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void withoutABrokerItFailsAndCanBeCalledAgain(Kind kind) {
        on(kind);
        MessagingClient client = world.client("a");
        world.broker.disconnect();

        MessagingException error = catchThrowableOfType(
                MessagingException.class, () -> client.provision(SimWorld.GROUP, List.of(SimWorld.TOPIC)));

        assertThat(error).isInstanceOf(BackendUnavailableException.class).hasMessageContaining(SimWorld.GROUP);
        assertThat(error.code()).isEqualTo(ErrorCode.NO_BROKERS_AVAILABLE);
        world.broker.reconnect();
        client.provision(SimWorld.GROUP, List.of(SimWorld.TOPIC));
        world.send("1");
        assertThat(world.broker.lag(SimWorld.GROUP)).isEqualTo(1);
    }

    @Test
    void aGroupIsGivenTheMessagesOfATopicUntilThatIsUnbound() {
        on(Kind.QUEUES);
        MessagingClient client = world.client("a");
        client.provision(SimWorld.GROUP, List.of(SimWorld.TOPIC, "payments"));
        client.provision("audit", List.of("payments"));
        client.producer().send(Message.builder("payments").build());

        client.unbind(SimWorld.GROUP, "payments");
        client.unbind(SimWorld.GROUP, "payments");
        client.unbind("nobody", "payments");
        client.producer().send(Message.builder("payments").build());

        assertThat(world.broker.lag(SimWorld.GROUP)).isEqualTo(1);
        assertThat(world.broker.lag("audit")).isEqualTo(2);
        client.unbind("audit", "payments");
        assertThat(code(() -> client.producer().send(Message.builder("payments").build())))
                .isEqualTo(ErrorCode.UNROUTABLE);
    }

    @Test
    void whatAConsumerOfTheClientSubscribesIsNotUnbound() {
        on(Kind.QUEUES);
        MessagingClient client = world.client("a");
        var subscription = world.subscribe(client, ConsumerOptions.defaults(), message -> {});

        assertThat(code(() -> client.unbind(SimWorld.GROUP, SimWorld.TOPIC))).isEqualTo(ErrorCode.INVALID_CONFIG);
        client.unbind("audit", SimWorld.TOPIC);
        client.unbind(SimWorld.GROUP, "payments");
        subscription.close(Duration.ZERO);
        client.unbind(SimWorld.GROUP, SimWorld.TOPIC);

        assertThat(code(() -> world.send("1"))).isEqualTo(ErrorCode.UNROUTABLE);
    }

    @Test
    void onPartitionsThereIsNothingToUnbind() {
        on(Kind.PARTITIONS);

        assertThat(code(() -> world.client("a").unbind(SimWorld.GROUP, SimWorld.TOPIC)))
                .isEqualTo(ErrorCode.CAPABILITY_MISSING);
    }

    private static ErrorCode code(ThrowingCallable call) {
        return catchThrowableOfType(MessagingException.class, call).code();
    }
}
