package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.api.message.ErrorCode.ALREADY_CONSUMING;
import static io.microservicekit.messaging.api.message.ErrorCode.CAPABILITY_MISSING;
import static io.microservicekit.messaging.api.message.ErrorCode.CLIENT_CLOSED;
import static io.microservicekit.messaging.api.message.ErrorCode.CONSUMER_CLOSED;
import static io.microservicekit.messaging.api.message.ErrorCode.CREATE_CLIENT;
import static io.microservicekit.messaging.api.message.ErrorCode.EMPTY_GROUP_ID;
import static io.microservicekit.messaging.api.message.ErrorCode.EMPTY_TOPIC;
import static io.microservicekit.messaging.api.message.ErrorCode.INVALID_CONFIG;
import static io.microservicekit.messaging.api.message.ErrorCode.NIL_HANDLER;
import static io.microservicekit.messaging.api.message.ErrorCode.NIL_MESSAGE;
import static io.microservicekit.messaging.api.message.ErrorCode.NO_BROKERS_AVAILABLE;
import static io.microservicekit.messaging.api.message.ErrorCode.NO_TOPICS;
import static io.microservicekit.messaging.api.message.ErrorCode.PRODUCER_CLOSED;
import static io.microservicekit.messaging.api.message.ErrorCode.TIMEOUT;
import static io.microservicekit.messaging.api.message.ErrorCode.UNSUPPORTED_TYPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.testkit.MemoryBroker;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is refused, by which code; always before anything reaches the broker, which the event log shows. */
class RefusalSimTest {
    private final SimWorld world = SimWorld.topics(1);
    private final MessagingClient client = world.client("a");

    @AfterEach
    void end() {
        world.close();
    }

    private MessagingException refused(ErrorCode code, ThrowingCallable call) {
        int events = world.sim.eventLog().size();
        MessagingException error = catchThrowableOfType(MessagingException.class, call);
        assertThat(error).isNotNull();
        assertThat(error.code()).isEqualTo(code);
        world.sim.settle();
        assertThat(world.sim.eventLog()).as("events after a refusal").hasSize(events);
        return error;
    }

    @Test
    @SuppressWarnings("NullAway") // what callers from other languages or without a checker do
    void whatCannotBeConsumedIsRefused() {
        MessageConsumer consumer = client.consumer(SimWorld.GROUP);
        refused(EMPTY_GROUP_ID, () -> client.consumer(" "));
        refused(EMPTY_GROUP_ID, () -> client.consumer(null));
        refused(NO_TOPICS, () -> consumer.subscribe(List.of(), message -> {}));
        refused(NO_TOPICS, () -> consumer.subscribe(List.of("orders", " "), message -> {}));
        refused(NO_TOPICS, () -> consumer.subscribe(Arrays.asList("orders", null), message -> {}));
        refused(NIL_HANDLER, () -> consumer.subscribe("orders", null));
        // What Kafka refuses does not pass in a test in memory.
        assertThat(refused(INVALID_CONFIG, () -> consumer.subscribe("orders!", message -> {})))
                .hasMessageContaining("Use 1 to 249 of a-z");
    }

    @Test
    @SuppressWarnings("NullAway") // what callers from other languages or without a checker do
    void whatCannotBeProvisionedIsRefused() {
        refused(EMPTY_GROUP_ID, () -> client.provision(" ", List.of("orders")));
        refused(EMPTY_GROUP_ID, () -> client.provision(null, List.of("orders")));
        refused(INVALID_CONFIG, () -> client.provision("g".repeat(256), List.of("orders")));
        refused(INVALID_CONFIG, () -> client.provision("a\nb", List.of("orders")));
        refused(NO_TOPICS, () -> client.provision(SimWorld.GROUP, null));
        refused(NO_TOPICS, () -> client.provision(SimWorld.GROUP, List.of()));
        refused(NO_TOPICS, () -> client.provision(SimWorld.GROUP, List.of("orders", " ")));
        refused(NO_TOPICS, () -> client.provision(SimWorld.GROUP, Arrays.asList("orders", null)));
        refused(INVALID_CONFIG, () -> client.provision(SimWorld.GROUP, List.of("orders", "orders")));
        assertThat(refused(INVALID_CONFIG, () -> client.provision(SimWorld.GROUP, List.of("a\nb"))))
                .hasMessageContaining("Provisioning group 'shop' was not tried")
                .hasMessageContaining("'a\\u000ab'");
    }

    @Test
    @SuppressWarnings("NullAway") // what callers from other languages or without a checker do
    void whatCannotBeUnboundIsRefused() {
        refused(EMPTY_GROUP_ID, () -> client.unbind(" ", "orders"));
        refused(EMPTY_GROUP_ID, () -> client.unbind(null, "orders"));
        refused(INVALID_CONFIG, () -> client.unbind("a\nb", "orders"));
        refused(NO_TOPICS, () -> client.unbind(SimWorld.GROUP, null));
        refused(NO_TOPICS, () -> client.unbind(SimWorld.GROUP, " "));
        refused(INVALID_CONFIG, () -> client.unbind(SimWorld.GROUP, "t".repeat(256)));
        refused(CAPABILITY_MISSING, () -> client.unbind(SimWorld.GROUP, "orders"));
    }

    @Test
    void aSecondSubscriptionOfARunningConsumerIsRefusedAndTheFirstGoesOn() {
        MessageConsumer consumer = client.consumer(SimWorld.GROUP);
        consumer.subscribe(SimWorld.TOPIC, world.recorded(message -> {})).awaitReady(Duration.ofSeconds(1));
        world.sim.settle();

        refused(ALREADY_CONSUMING, () -> consumer.subscribe("payments", message -> {}));

        world.send("order");
        assertThat(world.values()).containsExactly("order");
    }

    @Test
    @SuppressWarnings("NullAway") // what callers from other languages or without a checker do
    void whatCannotBeSentIsRefused() {
        MessageProducer producer = client.producer();
        refused(NIL_MESSAGE, () -> producer.send(null));
        refused(EMPTY_TOPIC, () -> producer.send(Message.builder(" ").build()));
        refused(TIMEOUT, () -> producer.send(Message.builder("orders").build(), Duration.ZERO));
    }

    @Test
    @SuppressWarnings("NullAway") // what callers from other languages or without a checker do
    void sendAsyncNeverThrowsButFailsItsFuture() {
        MessageProducer producer = client.producer();
        assertThat(codeOf(producer.sendAsync(null))).isEqualTo(NIL_MESSAGE);
        assertThat(codeOf(producer.sendAsync(Message.builder("").build()))).isEqualTo(EMPTY_TOPIC);
        producer.close();
        assertThat(codeOf(producer.sendAsync(Message.builder("orders").build())))
                .isEqualTo(PRODUCER_CLOSED);
        assertThat(codeOf(producer.sendAsync(null))).isEqualTo(PRODUCER_CLOSED);
    }

    private static ErrorCode codeOf(CompletableFuture<?> sent) {
        CompletionException error = catchThrowableOfType(CompletionException.class, sent::join);
        return ((MessagingException) error.getCause()).code();
    }

    @Test
    void whatIsClosedRefusesByItsOwnCode() {
        MessageProducer producer = client.producer();
        MessageProducer closedWithClient = client.producer();
        MessageConsumer consumer = client.consumer(SimWorld.GROUP);
        MessageConsumer consumerClosedWithClient = client.consumer(SimWorld.GROUP);
        producer.close();
        consumer.close();
        refused(PRODUCER_CLOSED, () -> producer.send(Message.builder("orders").build()));
        refused(CONSUMER_CLOSED, () -> consumer.subscribe("orders", message -> {}));

        client.close();

        refused(CLIENT_CLOSED, client::producer);
        refused(CLIENT_CLOSED, () -> client.consumer(SimWorld.GROUP));
        refused(CLIENT_CLOSED, () -> client.unbind(SimWorld.GROUP, "orders"));
        refused(CLIENT_CLOSED, () -> client.provision(SimWorld.GROUP, List.of("orders")));
        refused(
                CLIENT_CLOSED,
                () -> closedWithClient.send(Message.builder("orders").build()));
        refused(CLIENT_CLOSED, () -> consumerClosedWithClient.subscribe("orders", message -> {}));
    }

    @Test
    void aTypeWithoutBackendIsRefusedWithTheTypesThatAreThere() {
        MessagingException error = refused(
                UNSUPPORTED_TYPE,
                () -> MessagingClients.builder()
                        .type("pigeon")
                        .runtime(world.sim)
                        .build());
        assertThat(error).hasMessageContaining("pigeon").hasMessageContaining("memory");
    }

    @Test
    void contradictingSettingsAreRefusedAllAtOnce() {
        MessagingException error = refused(
                INVALID_CONFIG,
                () -> world.builder("not a name")
                        .type("memory")
                        .brokers("host:9092")
                        .connectTimeout(Duration.ZERO)
                        .build());
        assertThat(error)
                .hasMessageContaining("type('memory') contradicts")
                .hasMessageContaining("brokers contradict")
                .hasMessageContaining("clientId")
                .hasMessageContaining("connectTimeout");
    }

    @Test
    void aQueueCannotBeReadFromThePast() {
        MessagingClient queues = MessagingClients.builder()
                .backend(MemoryBroker.queues().options())
                .runtime(world.sim)
                .build();
        ConsumerOptions earliest =
                ConsumerOptions.builder().startPosition(StartPosition.EARLIEST).build();

        MessagingException error = refused(CAPABILITY_MISSING, () -> queues.consumer(SimWorld.GROUP, earliest));

        assertThat(error).hasMessageContaining("NEWEST");
    }

    @Test
    void aClientIsNotMadeWhenNoBrokerAnswers() {
        world.broker.disconnect();
        MessagingException error = catchThrowableOfType(MessagingException.class, () -> world.client("late"));

        assertThat(error.code()).isEqualTo(CREATE_CLIENT);
        assertThat(MessagingException.is(error, NO_BROKERS_AVAILABLE)).isTrue();
    }

    @Test
    void waitingForASubscriptionThatIsNotReadyEndsInATimeout() {
        world.broker.disconnect();
        var subscription = client.consumer(SimWorld.GROUP).subscribe(SimWorld.TOPIC, message -> {});
        // Simulated time refuses to wait when nothing at all is to come.
        world.sim.loop("something to come").schedule(Duration.ofHours(1), () -> {});

        MessagingException error =
                catchThrowableOfType(MessagingException.class, () -> subscription.awaitReady(Duration.ofSeconds(2)));

        assertThat(error.code()).isEqualTo(TIMEOUT);
        assertThat(world.sim.elapsed()).isEqualTo(Duration.ofSeconds(2));
        world.broker.reconnect();
        assertThat(subscription.awaitReady(Duration.ofSeconds(1))).isSameAs(subscription);
        assertThat(subscription.ready()).isCompleted();
    }

    @Test
    void aSubscriptionThatIsClosedBeforeItIsReadySaysSo() {
        world.broker.disconnect();
        var subscription = client.consumer(SimWorld.GROUP).subscribe(SimWorld.TOPIC, message -> {});
        subscription.close();

        MessagingException error =
                catchThrowableOfType(MessagingException.class, () -> subscription.awaitReady(Duration.ofSeconds(2)));

        assertThat(error.code()).isEqualTo(CONSUMER_CLOSED);
        assertThat(subscription.completion()).isCompleted();
    }
}
