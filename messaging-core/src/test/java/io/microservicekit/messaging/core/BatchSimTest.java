package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.api.message.SendOutcome.DELIVERED;
import static io.microservicekit.messaging.api.message.SendOutcome.NOT_DELIVERED;
import static io.microservicekit.messaging.api.message.SendOutcome.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.message.BatchResult;
import io.microservicekit.messaging.api.message.BatchSendException;
import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidMessageException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.testkit.StoredMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A batch: checked as a whole, sent one by one, an outcome for each index. */
class BatchSimTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimWorld world = SimWorld.topics(1);
    private final MessageProducer producer = world.client("a").producer();

    @AfterEach
    void end() {
        assertThat(Thread.interrupted()).as("no test leaves the flag set").isFalse();
        world.close();
    }

    private static Message order(String value) {
        return Message.builder(SimWorld.TOPIC).valueText(value).build();
    }

    private static Message to(String topic) {
        return Message.builder(topic).valueText(topic).build();
    }

    private static List<Message> orders(int count) {
        return IntStream.range(0, count).mapToObj(i -> order("order-" + i)).toList();
    }

    private List<String> stored(String topic) {
        return world.broker.messages(topic).stream()
                .map(StoredMessage::message)
                .map(Message::valueText)
                .map(String::valueOf)
                .toList();
    }

    private BatchResult failed(MessageProducer sender, List<Message> batch, Duration timeout) {
        BatchSendException error =
                catchThrowableOfType(BatchSendException.class, () -> sender.sendBatch(batch, timeout));
        assertThat(error).isNotNull();
        assertThat(error.code()).isEqualTo(ErrorCode.BATCH_SEND);
        assertThat(error.result().entries()).hasSize(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            assertThat(error.result().entries().get(i).index()).isEqualTo(i);
        }
        boolean none = error.result().count(NOT_DELIVERED) == batch.size();
        assertThat(error.outcome()).isEqualTo(none ? NOT_DELIVERED : UNKNOWN);
        return error.result();
    }

    private static List<Object> outcomes(BatchResult result) {
        return new ArrayList<>(
                result.entries().stream().map(BatchResult.Entry::outcome).toList());
    }

    @Test
    void eachMessageOfADeliveredBatchHasItsResultAtItsIndexAndTheOrderIsKept() {
        BatchResult result = producer.sendBatch(orders(100));

        assertThat(result.allDelivered()).isTrue();
        for (int i = 0; i < 100; i++) {
            BatchResult.Entry entry = result.entries().get(i);
            assertThat(entry.index()).isEqualTo(i);
            assertThat(entry.result()).isNotNull();
            assertThat(entry.result().offset()).isEqualTo(i);
            assertThat(entry.error()).isNull();
        }
        assertThat(stored(SimWorld.TOPIC))
                .isEqualTo(IntStream.range(0, 100).mapToObj(i -> "order-" + i).toList());
    }

    @Test
    void aBatchIsUnderWayAsAWholeNotOneAfterAnother() {
        world.broker.delayConfirms(SimWorld.TOPIC, SECOND, 100);
        producer.sendBatch(orders(100));
        assertThat(world.sim.elapsed()).isEqualTo(SECOND);
        assertThat(world.broker.plannedFaults(SimWorld.TOPIC)).isZero();
    }

    @Test
    void anEmptyBatchHasAnEmptyResultAndDoesNothing() {
        int events = world.sim.eventLog().size();
        assertThat(producer.sendBatch(List.of()).entries()).isEmpty();
        assertThat(producer.sendBatch(List.of()).allDelivered()).isTrue();
        assertThat(world.sim.eventLog()).hasSize(events);
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a checker do
    void nullInPlaceOfAListOrATimeoutIsNamed() {
        assertThatNullPointerException()
                .isThrownBy(() -> producer.sendBatch(null))
                .withMessage("messages");
        assertThatNullPointerException()
                .isThrownBy(() -> producer.sendBatch(List.of(), null))
                .withMessage("timeout");
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a checker do
    void aNullElementIsNamedByItsIndexAndNothingIsSent() {
        InvalidMessageException error = catchThrowableOfType(
                InvalidMessageException.class,
                () -> producer.sendBatch(Arrays.asList(order("first"), null, order("third"))));

        assertThat(error.code()).isEqualTo(ErrorCode.NIL_MESSAGE);
        assertThat(error).hasMessageContaining("messages[1]").hasMessageNotContainingAny("messages[0]", "messages[2]");
        world.sim.settle();
        assertThat(stored(SimWorld.TOPIC)).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a checker do
    void allThatIsWrongWithABatchIsToldAtOnce() {
        Message header =
                Message.builder(SimWorld.TOPIC).header("cc", "everybody").build();
        InvalidMessageException error = catchThrowableOfType(
                InvalidMessageException.class,
                () -> producer.sendBatch(Arrays.asList(order("fine"), to(" "), null, to("bad topic!"), header)));

        assertThat(error.code()).as("of the first one").isEqualTo(ErrorCode.EMPTY_TOPIC);
        assertThat(error)
                .hasMessageContainingAll(
                        "messages[1]", "messages[2]", "messages[3]", "messages[4]", "bad topic!", "'cc'")
                .hasMessageNotContaining("messages[0]");
    }

    @Test
    void theFailureOfOneMessageIsAtItsIndexAndTheOthersAreDelivered() {
        world.broker.failSends("refused", NOT_DELIVERED, 1);
        world.broker.failSends("lost", UNKNOWN, 1);

        BatchResult result =
                failed(producer, List.of(order("a"), to("refused"), order("b"), to("lost"), order("c")), SECOND);

        assertThat(outcomes(result)).containsExactly(DELIVERED, NOT_DELIVERED, DELIVERED, UNKNOWN, DELIVERED);
        assertThat(stored(SimWorld.TOPIC)).containsExactly("a", "b", "c");
        assertThat(world.broker.plannedFaults("refused") + world.broker.plannedFaults("lost"))
                .as("planned faults that did not happen")
                .isZero();
        for (BatchResult.Entry entry : result.entries()) {
            assertThat(entry.result() == null).isEqualTo(entry.outcome() != DELIVERED);
            assertThat(entry.error() == null).isEqualTo(entry.outcome() == DELIVERED);
        }
    }

    @Test
    void whatWasNotDeliveredCanBeSentAgainByItsIndexWithoutADuplicate() {
        List<Message> batch = orders(10);
        world.broker.failSends(SimWorld.TOPIC, NOT_DELIVERED, 3);

        failed(producer, batch, SECOND).entries().stream()
                .filter(entry -> entry.outcome() == NOT_DELIVERED)
                .forEach(entry -> producer.send(batch.get(entry.index())));

        assertThat(stored(SimWorld.TOPIC)).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void aBatchOfWhichNothingArrivedIsNotDelivered() {
        world.broker.refuse(SimWorld.TOPIC);
        BatchResult result = failed(producer, orders(3), SECOND);
        assertThat(outcomes(result)).containsOnly(NOT_DELIVERED);
    }

    @Test
    void theCauseIsTheErrorOfTheFirstMessageThatFailed() {
        world.broker.failSends("lost", UNKNOWN, 1);
        BatchSendException error = catchThrowableOfType(
                BatchSendException.class, () -> producer.sendBatch(List.of(order("a"), to("lost"))));
        assertThat(error).hasCause(error.result().entries().get(1).error());
        assertThat(MessagingException.is(error, ErrorCode.SEND_MESSAGE)).isTrue();
        assertThat(error).hasMessageContaining("1 delivered, 0 not delivered, 1 unknown");
    }

    @Test
    void theTimeoutIsOneForTheWholeBatch() {
        world.broker.loseConfirms(SimWorld.TOPIC, 2);
        BatchResult result = failed(producer, orders(5), Duration.ofSeconds(3));
        assertThat(outcomes(result)).containsExactly(UNKNOWN, UNKNOWN, DELIVERED, DELIVERED, DELIVERED);
        assertThat(world.sim.elapsed()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void aBatchLargerThanTheBoundGoesInAsRoomComes() {
        MessageProducer narrow = narrow(10);
        world.broker.delayConfirms(SimWorld.TOPIC, SECOND, 95);

        assertThat(narrow.sendBatch(orders(95)).allDelivered()).isTrue();

        assertThat(world.sim.elapsed()).as("ten at a time").isEqualTo(Duration.ofSeconds(10));
        assertThat(stored(SimWorld.TOPIC))
                .isEqualTo(IntStream.range(0, 95).mapToObj(i -> "order-" + i).toList());
    }

    @Test
    void whatFoundNoRoomInTimeIsNotDelivered() {
        MessageProducer narrow = narrow(2);
        world.broker.delayConfirms(SimWorld.TOPIC, SECOND, 2);
        world.broker.loseConfirms(SimWorld.TOPIC, 2);

        BatchResult result = failed(narrow, orders(6), Duration.ofSeconds(3));

        assertThat(outcomes(result))
                .containsExactly(DELIVERED, DELIVERED, UNKNOWN, UNKNOWN, NOT_DELIVERED, NOT_DELIVERED);
        assertThat(stored(SimWorld.TOPIC)).hasSize(4);
        assertThat(result.entries().get(5).error().code()).isEqualTo(ErrorCode.SEND_QUEUE_FULL);
    }

    private MessageProducer narrow(int maxInFlight) {
        return world.client("narrow")
                .producer(ProducerOptions.builder().maxInFlight(maxInFlight).build());
    }

    @Test
    void anInterruptLeavesTheFlagSetAndAnOutcomeForEach() {
        MessageProducer narrow = narrow(2);
        world.broker.delayConfirms(SimWorld.TOPIC, SECOND, 2);
        world.broker.loseConfirms(SimWorld.TOPIC, 2);
        Thread waiting = Thread.currentThread();
        world.sim.loop("interrupter").schedule(Duration.ofSeconds(2), waiting::interrupt);

        BatchResult result = failed(narrow, orders(6), Duration.ofSeconds(10));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(outcomes(result))
                .containsExactly(DELIVERED, DELIVERED, UNKNOWN, UNKNOWN, NOT_DELIVERED, NOT_DELIVERED);
        assertThat(world.sim.elapsed()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void anInterruptedThreadBeginsNoBatch() {
        Thread.currentThread().interrupt();
        SendException error = catchThrowableOfType(SendException.class, () -> producer.sendBatch(orders(3)));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(error.outcome()).isEqualTo(NOT_DELIVERED);
        assertThat(stored(SimWorld.TOPIC)).isEmpty();
    }

    @Test
    void aCloseEndsWhatWaitsForRoomAsNotDelivered() {
        MessageProducer narrow = narrow(2);
        world.broker.loseConfirms(SimWorld.TOPIC, 2);
        world.sim.loop("closer").schedule(SECOND, narrow::close);

        BatchResult result = failed(narrow, orders(4), Duration.ofSeconds(10));

        assertThat(outcomes(result)).containsExactly(UNKNOWN, UNKNOWN, NOT_DELIVERED, NOT_DELIVERED);
        assertThat(result.entries().get(3).error().code()).isEqualTo(ErrorCode.PRODUCER_CLOSED);
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a checker do
    void aClosedProducerSaysSoBeforeAnythingElse() {
        producer.close();
        ClosedException error =
                catchThrowableOfType(ClosedException.class, () -> producer.sendBatch(Arrays.asList(order("a"), null)));
        assertThat(error.code()).isEqualTo(ErrorCode.PRODUCER_CLOSED);
    }

    @Test
    void aTimeoutThatIsOverBeginsNothing() {
        SendException error =
                catchThrowableOfType(SendException.class, () -> producer.sendBatch(orders(2), Duration.ZERO));
        assertThat(error.code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(error.outcome()).isEqualTo(NOT_DELIVERED);
        assertThat(stored(SimWorld.TOPIC)).isEmpty();
    }

    @Test
    void theListIsTheCallersAgainWhenTheCallReturns() {
        List<Message> batch = new ArrayList<>(orders(3));
        world.sim.loop("writer").execute(batch::clear);
        assertThat(producer.sendBatch(batch).entries()).hasSize(3);
    }

    @Test
    void aHandlerMaySendABatch() {
        world.subscribe("b", io.microservicekit.messaging.api.ConsumerOptions.defaults(), message -> {
            if (String.valueOf(message.valueText()).equals("go")) {
                producer.sendBatch(List.of(to("copies"), to("copies")));
            }
        });
        world.send("go");
        assertThat(stored("copies")).hasSize(2);
    }
}
