package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.api.message.SendOutcome.NOT_DELIVERED;
import static io.microservicekit.messaging.api.message.SendOutcome.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.testkit.StoredMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The bound of sends without an outcome: who is refused, who waits, when there is room again. */
class SendBoundSimTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int ROOM = 3;

    private final SimWorld world = SimWorld.topics(1);
    private final MessagingClient client = world.client("a");
    private final MessageProducer producer =
            client.producer(ProducerOptions.builder().maxInFlight(ROOM).build());

    @AfterEach
    void end() {
        assertThat(Thread.interrupted()).as("no test leaves the flag set").isFalse();
        world.close();
    }

    private static Message order(String value) {
        return Message.builder(SimWorld.TOPIC).valueText(value).build();
    }

    private List<String> stored(String topic) {
        return world.broker.messages(topic).stream()
                .map(StoredMessage::message)
                .map(message -> String.valueOf(message.valueText()))
                .toList();
    }

    /** Takes all room until the confirmations come. */
    private List<CompletableFuture<SendResult>> fill(Duration until) {
        world.broker.delayConfirms(SimWorld.TOPIC, until, ROOM);
        List<CompletableFuture<SendResult>> sent = new ArrayList<>();
        for (int i = 0; i < ROOM; i++) {
            sent.add(producer.sendAsync(order("early-" + i)));
        }
        return sent;
    }

    @Test
    void sendAsyncAtTheBoundFailsAtOnceAndWorksAgainWhenAnOutcomeIsThere() {
        List<CompletableFuture<SendResult>> sent = fill(SECOND);
        SendException refused = error(producer.sendAsync(order("over")));
        assertThat(refused.code()).isEqualTo(ErrorCode.SEND_QUEUE_FULL);
        assertThat(refused.outcome()).isEqualTo(NOT_DELIVERED);
        assertThat(refused).hasMessageContaining("3 messages").hasMessageContaining("maxInFlight");
        assertThat(world.events.sendFailures).containsExactly(refused);

        world.seconds(1);

        assertThat(sent).allMatch(CompletableFuture::isDone);
        assertThat(producer.sendAsync(order("later")).join().offset()).isEqualTo(ROOM);
        assertThat(stored(SimWorld.TOPIC)).doesNotContain("over");
    }

    private static SendException error(CompletableFuture<SendResult> sent) {
        assertThat(sent).isCompletedExceptionally();
        return (SendException) sent.handle((result, error) -> error).join();
    }

    @Test
    void bytesAreBoundedAsWellAndALargerMessageGoesAlone() {
        MessageProducer small =
                client.producer(ProducerOptions.builder().maxInFlightBytes(100).build());
        world.broker.delayConfirms(SimWorld.TOPIC, SECOND, 1);
        CompletableFuture<SendResult> large = small.sendAsync(order("x".repeat(1_000)));
        assertThat(error(small.sendAsync(order("y"))).code()).isEqualTo(ErrorCode.SEND_QUEUE_FULL);
        world.seconds(1);
        assertThat(large).isCompleted();
        small.send(order("y"));
        world.broker.delayConfirms(SimWorld.TOPIC, SECOND, 1);
        CompletableFuture<SendResult> headers = small.sendAsync(Message.builder(SimWorld.TOPIC)
                .header("n".repeat(50), "v".repeat(50))
                .build());
        assertThat(error(small.sendAsync(order("y"))).code())
                .as("headers count")
                .isEqualTo(ErrorCode.SEND_QUEUE_FULL);
        assertThat(headers).isNotDone();
    }

    @Test
    void sendWaitsForRoomWithinItsTimeout() {
        fill(SECOND);
        producer.send(order("patient"), Duration.ofSeconds(5));
        assertThat(world.sim.elapsed()).isEqualTo(SECOND);
        assertThat(stored(SimWorld.TOPIC)).endsWith("patient");
    }

    @Test
    void sendThatFindsNoRoomInTimeIsNotDelivered() {
        fill(Duration.ofSeconds(10));
        SendException error =
                catchThrowableOfType(SendException.class, () -> producer.send(order("late"), Duration.ofSeconds(2)));
        assertThat(error.code()).isEqualTo(ErrorCode.SEND_QUEUE_FULL);
        assertThat(error.outcome()).isEqualTo(NOT_DELIVERED);
        assertThat(world.sim.elapsed()).isEqualTo(Duration.ofSeconds(2));
        world.seconds(10);
        assertThat(stored(SimWorld.TOPIC)).hasSize(ROOM).doesNotContain("late");
    }

    @Test
    void whatIsLeftOfTheTimeoutIsForTheConfirmation() {
        fill(SECOND);
        world.broker.loseConfirms(SimWorld.TOPIC, 1);
        SendException error =
                catchThrowableOfType(SendException.class, () -> producer.send(order("lost"), Duration.ofSeconds(3)));
        assertThat(error.outcome()).isEqualTo(UNKNOWN);
        assertThat(error.code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(world.sim.elapsed()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void aSendThatIsInterruptedWhileItWaitsForRoomIsNotDelivered() {
        fill(Duration.ofSeconds(10));
        world.sim.loop("interrupter").schedule(SECOND, Thread.currentThread()::interrupt);
        SendException error = catchThrowableOfType(SendException.class, () -> producer.send(order("late")));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(error.outcome()).isEqualTo(NOT_DELIVERED);
        world.seconds(20);
        assertThat(stored(SimWorld.TOPIC)).hasSize(ROOM);
        assertThat(fill(SECOND)).as("no room is lost").hasSize(ROOM);
        assertThat(error(producer.sendAsync(order("over"))).code()).isEqualTo(ErrorCode.SEND_QUEUE_FULL);
    }

    @Test
    void aSendThatIsInterruptedAfterItsHandOverIsUnknown() {
        world.broker.delayConfirms(SimWorld.TOPIC, Duration.ofSeconds(5), 1);
        world.sim.loop("interrupter").schedule(SECOND, Thread.currentThread()::interrupt);
        SendException error = catchThrowableOfType(SendException.class, () -> producer.send(order("there")));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(error.outcome()).isEqualTo(UNKNOWN);
        assertThat(stored(SimWorld.TOPIC)).containsExactly("there");
    }

    @Test
    void anInterruptedThreadSendsNothing() {
        Thread.currentThread().interrupt();
        SendException error = catchThrowableOfType(SendException.class, () -> producer.send(order("never")));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(error.outcome()).isEqualTo(NOT_DELIVERED);
        world.sim.settle();
        assertThat(stored(SimWorld.TOPIC)).isEmpty();
    }

    @Test
    void aCloseEndsWhoWaitsForRoom() {
        fill(Duration.ofSeconds(10));
        world.sim.loop("closer").schedule(SECOND, producer::close);
        ClosedException error = catchThrowableOfType(ClosedException.class, () -> producer.send(order("late")));
        assertThat(error.code()).isEqualTo(ErrorCode.PRODUCER_CLOSED);
        assertThat(world.sim.elapsed()).isEqualTo(SECOND);
    }

    @Test
    void handlersThatWaitForRoomGetItInTheOrderInWhichTheyAsked() {
        world.subscribe("b", ConsumerOptions.builder().concurrency(4).build(), message -> {
            if (!String.valueOf(message.valueText()).startsWith("early")) {
                producer.send(Message.builder("copies")
                        .valueText(String.valueOf(message.valueText()))
                        .build());
            }
        });
        world.broker.delayConfirms("copies", SECOND, 20);
        world.send("1", "2", "3", "4", "5", "6");
        world.seconds(60);
        assertThat(stored("copies")).containsExactly("1", "2", "3", "4", "5", "6");
    }

    @Test
    void whoWaitsIsNotStarvedByThoseWhoDoNot() {
        world.broker.delayConfirms(SimWorld.TOPIC, SECOND, 1_000);
        world.sim.loop("flood").execute(() -> flood(world.sim.loop("again")));
        world.sim.settle();
        producer.send(order("patient"), Duration.ofSeconds(5));
        assertThat(stored(SimWorld.TOPIC)).contains("patient");
        assertThat(world.sim.elapsed()).isLessThanOrEqualTo(Duration.ofSeconds(3));
    }

    private void flood(Loop loop) {
        for (int i = 0; i < ROOM + 1; i++) {
            CompletableFuture<SendResult> unused = producer.sendAsync(order("flood"));
        }
        loop.housekeeping(Duration.ofMillis(10), () -> flood(loop));
    }

    @Test
    void aDeadLetterNeverWaitsForRoom() {
        world.broker.delayConfirms(SimWorld.TOPIC, Duration.ofHours(1), ROOM);
        world.subscribe(
                "b",
                ConsumerOptions.builder()
                        .deadLetterQueue(SimWorld.DEAD, producer)
                        .build(),
                message -> {
                    throw new IllegalStateException("no stock");
                });
        fill(Duration.ofHours(1));
        assertThat(error(producer.sendAsync(order("over"))).code()).isEqualTo(ErrorCode.SEND_QUEUE_FULL);
        world.seconds(1);
        assertThat(stored(SimWorld.DEAD)).hasSize(ROOM);
    }

    @Test
    void aContinuationFindsTheRoomOfItsOwnSend() {
        List<CompletableFuture<SendResult>> sent = fill(SECOND);
        CompletableFuture<SendResult> next = sent.get(0).thenCompose(result -> producer.sendAsync(order("next")));
        world.seconds(2);
        assertThat(next).isCompleted();
    }
}
