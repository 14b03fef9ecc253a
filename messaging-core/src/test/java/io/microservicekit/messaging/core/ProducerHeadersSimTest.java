package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.api.message.ProducerHeaders.MESSAGE_ID;
import static io.microservicekit.messaging.api.message.ProducerHeaders.POSSIBLE_DUPLICATE;
import static io.microservicekit.messaging.api.message.SendOutcome.NOT_DELIVERED;
import static io.microservicekit.messaging.api.message.SendOutcome.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.testkit.StoredMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the options of a producer add to a message: an id, and the mark of a second sending. */
class ProducerHeadersSimTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final SimWorld world = SimWorld.topics(1);

    @AfterEach
    void end() {
        world.close();
    }

    private MessageProducer producer(ProducerOptions.Builder options) {
        return world.client("a").producer(options.build());
    }

    private static Message order(String value) {
        return Message.builder(SimWorld.TOPIC).valueText(value).build();
    }

    private List<String> stored(String header) {
        List<String> values = new ArrayList<>();
        for (StoredMessage stored : world.broker.messages(SimWorld.TOPIC)) {
            values.add(String.valueOf(stored.message().headers().text(header)));
        }
        return values;
    }

    @Test
    void eachMessageGetsAnIdOfItsOwnByEachWayOfSending() {
        MessageProducer producer = producer(ProducerOptions.builder().messageId(true));
        Message message = order("a");
        producer.send(message);
        producer.sendAsync(message).join();
        producer.sendBatch(List.of(message, message));
        assertThat(stored(MESSAGE_ID)).hasSize(4).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-f]{32}"));
        assertThat(message).as("the caller's own").isEqualTo(order("a"));
    }

    @Test
    void twoProducersMakeDifferentIds() {
        producer(ProducerOptions.builder().messageId(true)).send(order("a"));
        world.client("b")
                .producer(ProducerOptions.builder().messageId(true).build())
                .send(order("b"));
        assertThat(stored(MESSAGE_ID).stream().map(id -> id.substring(0, 16))).doesNotHaveDuplicates();
    }

    @Test
    void anIdThatIsThereIsKept() {
        MessageProducer producer = producer(ProducerOptions.builder().messageId(true));
        producer.send(Message.builder(SimWorld.TOPIC).header(MESSAGE_ID, "mine").build());
        assertThat(world.broker
                        .messages(SimWorld.TOPIC)
                        .get(0)
                        .message()
                        .headers()
                        .all(MESSAGE_ID))
                .containsExactly("mine".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void withoutTheOptionsNothingIsAdded() {
        producer(ProducerOptions.builder()).send(order("a"));
        assertThat(world.broker
                        .messages(SimWorld.TOPIC)
                        .get(0)
                        .message()
                        .headers()
                        .size())
                .isZero();
    }

    @Test
    void anUnknownOutcomeIsSentOnceMoreWithItsMarkAndTheSameId() {
        MessageProducer producer =
                producer(ProducerOptions.builder().retryUnknown(true).messageId(true));
        world.broker.failSends(SimWorld.TOPIC, UNKNOWN, 1);
        Message message = order("a");
        producer.send(message, MINUTE);
        assertThat(stored(POSSIBLE_DUPLICATE)).containsExactly("1");
        assertThat(stored(MESSAGE_ID)).hasSize(1).allMatch(id -> id.length() == 32);
        assertThat(message).as("the caller's own").isEqualTo(order("a"));
        assertThat(world.events.sendFailures).isEmpty();
    }

    @Test
    void whatReachedTheBrokerTheFirstTimeIsThereTwiceWithOneId() {
        MessageProducer producer =
                producer(ProducerOptions.builder().retryUnknown(true).messageId(true));
        world.broker.loseConfirms(SimWorld.TOPIC, 1);
        var sent = producer.sendAsync(order("a"));
        world.sim.loop("network").schedule(Duration.ofSeconds(1), () -> {
            world.broker.disconnect();
            world.broker.reconnect();
        });
        world.seconds(2);
        assertThat(sent).isCompleted();
        assertThat(stored(POSSIBLE_DUPLICATE)).containsExactly("null", "1");
        assertThat(stored(MESSAGE_ID).stream().distinct()).hasSize(1);
    }

    @Test
    void anOutcomeThatIsKnownIsNotSentAgain() {
        MessageProducer producer = producer(ProducerOptions.builder().retryUnknown(true));
        world.broker.failSends(SimWorld.TOPIC, NOT_DELIVERED, 1);
        SendException error = catchThrowableOfType(SendException.class, () -> producer.send(order("a")));
        assertThat(error.outcome()).isEqualTo(NOT_DELIVERED);
        assertThat(stored(POSSIBLE_DUPLICATE)).isEmpty();
    }

    @Test
    void aSecondFailureLeavesTheOutcomeUnknownWhateverItSays() {
        MessageProducer producer =
                producer(ProducerOptions.builder().retryUnknown(true).maxInFlight(1));
        world.broker.failSends(SimWorld.TOPIC, UNKNOWN, 1);
        world.broker.failSends(SimWorld.TOPIC, NOT_DELIVERED, 1);
        SendException error = catchThrowableOfType(SendException.class, () -> producer.send(order("a"), MINUTE));
        assertThat(error.outcome()).isEqualTo(UNKNOWN);
        assertThat(error.code()).isEqualTo(ErrorCode.SEND_MESSAGE);
        assertThat(error).hasMessageContaining("once more");
        assertThat(suppressed(error)).isEqualTo(NOT_DELIVERED);
        assertThat(world.broker.plannedFaults(SimWorld.TOPIC)).isZero();
        assertThat(world.events.sendFailures).containsExactly(error);
        producer.send(order("room is free again"));
    }

    private static @Nullable Object suppressed(SendException error) {
        return ((SendException) error.getSuppressed()[0]).outcome();
    }

    @Test
    void whatTookAllItsTimeIsNotSentAgain() {
        MessageProducer producer = producer(ProducerOptions.builder().retryUnknown(true));
        world.broker.loseConfirms(SimWorld.TOPIC, 1);
        SendException error = catchThrowableOfType(SendException.class, () -> producer.send(order("a"), MINUTE));
        assertThat(error.code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(world.sim.elapsed()).isEqualTo(MINUTE);
        assertThat(stored(POSSIBLE_DUPLICATE)).containsExactly("null");
    }

    @Test
    void withoutTheOptionAnUnknownOutcomeIsTold() {
        MessageProducer producer = producer(ProducerOptions.builder());
        world.broker.failSends(SimWorld.TOPIC, UNKNOWN, 1);
        SendException error = catchThrowableOfType(SendException.class, () -> producer.send(order("a")));
        assertThat(error.outcome()).isEqualTo(UNKNOWN);
        assertThat(stored(POSSIBLE_DUPLICATE)).isEmpty();
    }

    @Test
    void inABatchOnlyTheUnknownOnesAreSentAgain() {
        MessageProducer producer = producer(ProducerOptions.builder().retryUnknown(true));
        world.broker.failSends(SimWorld.TOPIC, UNKNOWN, 1);
        assertThat(producer.sendBatch(List.of(order("a"), order("b"))).allDelivered())
                .isTrue();
        assertThat(stored(POSSIBLE_DUPLICATE)).containsExactlyInAnyOrder("null", "1");
    }
}
