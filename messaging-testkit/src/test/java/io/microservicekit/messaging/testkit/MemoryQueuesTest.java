package io.microservicekit.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.Capability;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MemoryQueuesTest {
    private static final long[] NONE = {};
    private static final Duration TIMEOUT = Duration.ofMinutes(30);

    private final MemoryWorld world = new MemoryWorld(
            MemoryBroker.builder().queueFlavour().prefetch(3).maxHeld(2).build());
    private final MemoryBroker broker = world.broker;
    private final RecordingListener one = new RecordingListener();
    private final RecordingListener two = new RecordingListener();

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void aQueueHasNoPartitionsAndNoOffsets() {
        world.join("a", one, "orders");
        SendResult sent =
                world.send(Message.builder("orders").valueText("1").build()).join();
        assertThat(sent.partition()).isEqualTo(-1);
        assertThat(sent.offset()).isEqualTo(-1);
        assertThat(one.events).containsExactly("assigned [group#1]", "ready", "delivered group#1 [1]");
        assertThat(one.messages.get(0).position().toString()).isEqualTo("orders");
        assertThat(one.messages.get(0).position().offset()).isEqualTo(-1);
        assertThat(world.client("c").capabilities()).containsExactly(Capability.SIMULATED_TIME);
        assertThat(broker.committed("group", "orders", 0)).isEmpty();
    }

    @Test
    void thePrefetchIsNeverExceededAndAcknowledgingMakesRoom() {
        BackendConsumer consumer = world.join("a", one, "orders");
        world.send("orders", "1", "2", "3", "4", "5");
        assertThat(one.values()).containsExactly("1", "2", "3");
        assertThat(broker.unacknowledged("group")).isEqualTo(3);
        consumer.acknowledge(one.only(), 0, new long[] {2});
        world.runtime.settle();
        assertThat(one.values()).containsExactly("1", "2", "3", "4");
        consumer.acknowledge(one.only(), 2, NONE);
        world.runtime.settle();
        assertThat(one.values()).containsExactly("1", "2", "3", "4", "5");
        assertThat(broker.lag("group")).isEqualTo(3);
        assertThat(one.events).contains("acknowledged group#1 2");
        assertThat(broker.violations()).isEmpty();
    }

    @Test
    void holdingFreesTheRoomOfADeliveryUpToABoundAndReleasingTakesItBack() {
        BackendConsumer consumer = world.join("a", one, "orders");
        world.send("orders", "1", "2", "3", "4", "5", "6", "7");
        consumer.hold(one.only(), 1);
        consumer.hold(one.only(), 2);
        consumer.hold(one.only(), 3);
        world.runtime.settle();
        assertThat(one.values()).as("three of prefetch, two of maxHeld").containsExactly("1", "2", "3", "4", "5");
        consumer.release(one.only(), 1);
        consumer.release(one.only(), 2);
        consumer.acknowledge(one.only(), 1, NONE);
        world.runtime.settle();
        assertThat(one.values()).as("2, 4 and 5 fill the window, 3 is held").hasSize(5);
        consumer.acknowledge(one.only(), 2, NONE);
        world.runtime.settle();
        assertThat(one.values()).hasSize(6);
        assertThat(broker.violations()).isEmpty();
    }

    @Test
    void aDeliveryUnacknowledgedForTooLongClosesTheChannelAndComesAgainInOrder() {
        BackendConsumer consumer = world.join("a", one, "orders");
        world.send("orders", "1", "2", "3", "4");
        world.runtime.advance(Duration.ofMinutes(1));
        consumer.acknowledge(one.only(), 0, new long[] {2});
        world.runtime.settle();
        one.news();
        world.runtime.advance(TIMEOUT.minus(Duration.ofMinutes(1)).minusNanos(1));
        assertThat(one.news()).isEmpty();
        world.runtime.advance(Duration.ofNanos(1));
        assertThat(one.news())
                .containsExactly("lost [group#1]", "assigned [group#2]", "ready", "delivered group#2 [1, 3, 4]");
        assertThat(broker.redelivered("group")).isEqualTo(3);
        assertThat(consumer.holdLimit()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void theHoldLimitStaysBelowHalfOfAShortConsumerTimeout() {
        MemoryBroker quick = MemoryBroker.builder()
                .queueFlavour()
                .consumerTimeout(Duration.ofSeconds(20))
                .build();
        try (MemoryWorld other = new MemoryWorld(quick)) {
            assertThat(other.join("a", one, "orders").holdLimit()).isEqualTo(Duration.ofSeconds(9));
        }
    }

    @Test
    void noTimerIsLeftWhenEverythingIsAcknowledged() {
        BackendConsumer consumer = world.join("a", one, "orders");
        world.send("orders", "1", "2");
        consumer.acknowledge(one.only(), 2, NONE);
        world.runtime.settle();
        int before = world.runtime.eventLog().size();
        world.runtime.advance(TIMEOUT.multipliedBy(3));
        assertThat(world.runtime.eventLog()).hasSize(before);
    }

    @Test
    void recyclingAcknowledgesWhatIsFinishedAndDeliversTheRestAgainInOrderAheadOfNewMessages() {
        BackendConsumer consumer = world.join("a", one, "orders");
        world.send("orders", "1", "2", "3", "4");
        one.drained = new CompletableFuture<>();
        Assignment old = one.only();
        consumer.recycle(old, "test");
        world.runtime.settle();
        consumer.acknowledge(old, 1, new long[] {3});
        world.runtime.settle();
        assertThat(one.values()).as("nothing new while revoking").containsExactly("1", "2", "3");
        one.news();
        one.drained.complete(null);
        world.runtime.settle();
        assertThat(one.news()).containsExactly("assigned [group#2]", "delivered group#2 [2, 4]");
        MessagingAssertions.assertThat(broker).nothingLost();
    }

    @Test
    void aRecycledChannelThatIsNotLetGoIsTakenAfterTheDrain() {
        BackendConsumer consumer = world.join("a", one, "orders");
        world.send("orders", "1");
        one.drained = new CompletableFuture<>();
        consumer.recycle(one.only(), "test");
        world.runtime.advance(Duration.ofSeconds(6));
        assertThat(one.events).endsWith("assigned [group#2]", "delivered group#2 [1]");
        assertThat(broker.violations()).hasSize(1);
    }

    @Test
    void acknowledgingADeliveryTwiceClosesTheChannel() {
        BackendConsumer consumer = world.join("a", one, "orders");
        world.send("orders", "1", "2", "3");
        consumer.acknowledge(one.only(), 0, new long[] {2});
        consumer.acknowledge(one.only(), 0, new long[] {2});
        one.news();
        world.runtime.settle();
        assertThat(one.news())
                .containsExactly(
                        "acknowledged group#1 2",
                        "lost [group#1]",
                        "assigned [group#2]",
                        "ready",
                        "delivered group#2 [1, 3]");
        assertThat(broker.violations()).singleElement().asString().contains("acknowledged before or never delivered");
    }

    @Test
    void acknowledgingTheSameWatermarkAgainIsNoViolation() {
        BackendConsumer consumer = world.join("a", one, "orders");
        world.send("orders", "1", "2", "3");
        consumer.acknowledge(one.only(), 1, NONE);
        consumer.acknowledge(one.only(), 1, new long[] {3});
        world.runtime.settle();
        assertThat(broker.violations()).isEmpty();
        assertThat(broker.lag("group")).isEqualTo(1);
    }

    @Test
    void whatIsAcknowledgedMustHaveBeenDelivered() {
        BackendConsumer consumer = world.join("a", one, "orders");
        world.send("orders", "1");
        consumer.acknowledge(one.only(), 2, NONE);
        world.runtime.settle();
        assertThat(broker.violations()).hasSize(1);
        assertThat(broker.lag("group")).isEqualTo(1);
    }

    @Test
    void holdingADeliveryThatIsFinishedIsAViolationAndReleasingItIsNot() {
        BackendConsumer consumer = world.join("a", one, "orders");
        world.send("orders", "1");
        Assignment current = one.only();
        consumer.hold(current, 1);
        consumer.acknowledge(current, 1, NONE);
        consumer.release(current, 1);
        world.runtime.settle();
        assertThat(broker.violations()).isEmpty();
        consumer.hold(current, 1);
        world.runtime.settle();
        assertThat(broker.violations()).hasSize(1);
    }

    @Test
    void severalConsumersOfAQueueCompeteAndTakeOverWhatOneLeaves() {
        BackendConsumer first = world.join("a", one, "orders");
        world.join("b", two, "orders");
        world.send("orders", "1", "2", "3", "4", "5", "6");
        List<String> all = new ArrayList<>(one.values());
        all.addAll(two.values());
        assertThat(all).containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6");
        assertThat(one.values()).hasSize(3);
        CompletableFuture<Long> closed = first.close(Duration.ofSeconds(1));
        world.runtime.settle();
        assertThat(closed).isCompleted();
        assertThat(broker.lag("group")).isEqualTo(6);
        assertThat(broker.unacknowledged("group"))
                .as("bounded by the prefetch of the other")
                .isEqualTo(3);
    }

    @Test
    void aCrashedClientKeepsItsDeliveriesUntilItsSessionExpires() {
        world.join("a", one, "orders");
        world.send("orders", "1", "2");
        world.runtime.crash("a");
        world.join("b", two, "orders");
        assertThat(two.values()).isEmpty();
        broker.expireSession("a");
        world.runtime.settle();
        assertThat(two.values()).containsExactly("1", "2");
    }

    @Test
    void aLostConnectionTakesTheChannelAlong() {
        world.join("a", one, "orders");
        world.send("orders", "1");
        one.news();
        broker.disconnect();
        world.runtime.settle();
        assertThat(one.news()).containsExactly("lost [group#1]");
        broker.reconnect();
        world.runtime.settle();
        assertThat(one.news()).containsExactly("assigned [group#2]", "ready", "delivered group#2 [1]");
    }

    @Test
    void aPausedQueueDeliversNothingUntilItIsResumed() {
        BackendConsumer consumer = world.join("a", one, "orders");
        consumer.pause(Set.of(one.only()));
        world.runtime.settle();
        world.send("orders", "1");
        assertThat(one.values()).isEmpty();
        consumer.resume(Set.of(one.only()));
        world.runtime.settle();
        assertThat(one.values()).containsExactly("1");
    }

    @Test
    void aMessageThatNoQueueIsBoundToIsNotDelivered() {
        SendException unroutable =
                MemoryWorld.failure(world.send(Message.builder("orders").build()));
        assertThat(unroutable.code()).isEqualTo(ErrorCode.UNROUTABLE);
        assertThat(unroutable.outcome()).isEqualTo(SendOutcome.NOT_DELIVERED);
        broker.bindQueue("group", "orders");
        assertThat(world.send(Message.builder("orders").valueText("kept").build()))
                .isCompleted();
        world.join("a", one, "orders");
        assertThat(one.values()).containsExactly("kept");
    }

    @Test
    void aDeadLetterGoesToTheQueueOfThatNameThatTheSubscriptionDeclared() {
        Message letter = Message.builder("dead").valueText("1").build();
        CompletableFuture<SendResult> tooEarly = world.producer.sendDeadLetter(letter, MemoryWorld.TIMEOUT);
        world.runtime.settle();
        assertThat(MemoryWorld.failure(tooEarly).code()).isEqualTo(ErrorCode.UNROUTABLE);
        world.join("a", one, "orders");
        CompletableFuture<SendResult> sent = world.producer.sendDeadLetter(letter, MemoryWorld.TIMEOUT);
        assertThat(MemoryWorld.failure(world.send(letter)).code())
                .as("a topic of that name is not bound")
                .isEqualTo(ErrorCode.UNROUTABLE);
        assertThat(sent).isCompleted();
        MessagingAssertions.assertThat(broker).topic("dead").hasSize(1).nothingLost();
        assertThat(broker.lag("dead")).isEqualTo(1);
    }

    @Test
    void aStartInThePastIsRefused() {
        assertThatThrownBy(() -> world.join("a", StartPosition.EARLIEST, one, "orders"))
                .isInstanceOfSatisfying(
                        MessagingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CAPABILITY_MISSING));
    }
}
