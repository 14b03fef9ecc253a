package io.microservicekit.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MemoryTopicsTest {
    private static final long[] NONE = {};

    private final MemoryWorld world = new MemoryWorld(MemoryBroker.create());
    private final MemoryBroker broker = world.broker;
    private final RecordingListener one = new RecordingListener();
    private final RecordingListener two = new RecordingListener();

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void whatIsSentAfterReadyIsDeliveredInOrderAndWhatWasSentBeforeIsNot() {
        world.send("orders", "early");
        world.join("a", one, "orders");
        world.send("orders", "1", "2", "3");
        assertThat(one.news().subList(0, 2)).containsExactly("assigned [orders-0#1]", "ready");
        assertThat(one.values()).containsExactly("1", "2", "3");
        assertThat(one.messages).extracting(m -> m.position().offset()).containsExactly(1L, 2L, 3L);
        assertThat(one.messages).extracting(m -> m.position().tag()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aGroupThatAsksForTheEarliestGetsThePast() {
        world.send("orders", "early");
        world.join("a", StartPosition.EARLIEST, one, "orders");
        assertThat(one.values()).containsExactly("early");
    }

    @Test
    void nothingIsAnsweredInsideTheCall() {
        CompletableFuture<SendResult> sent =
                world.producer.send(Message.builder("orders").build(), MemoryWorld.TIMEOUT);
        assertThat(sent).isNotDone();
        assertThat(broker.messages("orders")).isEmpty();
        world.runtime.settle();
        assertThat(sent.join().offset()).isZero();
        assertThat(world.runtime.eventLog())
                .as("one event stores, a later one confirms")
                .filteredOn(event -> event.contains("run") && event.contains("memory-producer"))
                .hasSize(2);
    }

    @Test
    void equalKeysKeepTheirOrderInOnePartitionAndMessagesWithoutKeyGoRound() {
        broker.createTopic("orders", 12);
        for (int i = 0; i < 5; i++) {
            Message message = Message.builder("orders")
                    .keyText("order-123")
                    .valueText("" + i)
                    .build();
            assertThat(world.send(message).join().partition()).isEqualTo(1);
        }
        for (int i = 0; i < 13; i++) {
            assertThat(world.send(Message.builder("orders").build()).join().partition())
                    .isEqualTo(i % 12);
        }
        assertThat(broker.messages("orders"))
                .filteredOn(m -> m.partition() == 1)
                .extracting(m -> m.message().valueText())
                .containsExactly("0", "1", "2", "3", "4", null);
    }

    @Test
    void nullAndEmptyKeysAndValuesStayDifferent() {
        world.join("a", one, "orders");
        world.put(Message.builder("orders").key(new byte[0]).value(new byte[0]).build());
        world.put(Message.builder("orders").timestamp(Instant.ofEpochMilli(7)).build());
        assertThat(one.messages.get(0).key()).isEmpty();
        assertThat(one.messages.get(0).value()).isEmpty();
        assertThat(one.messages.get(0).message().timestamp()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(one.messages.get(1).key()).isNull();
        assertThat(one.messages.get(1).value()).isNull();
        assertThat(one.messages.get(1).message().timestampMillis(0)).isEqualTo(7);
    }

    @Test
    void whatACrashedMemberDidNotCommitIsDeliveredAgainFromTheCommittedOffset() {
        BackendConsumer consumer = world.join("a", one, "orders");
        world.send("orders", "1", "2", "3");
        consumer.acknowledge(one.only(), 1, NONE);
        world.runtime.settle();
        consumer.acknowledge(one.only(), 2, NONE);
        world.runtime.crash("a");
        broker.expireSession("a");
        world.join("b", two, "orders");
        assertThat(two.values()).containsExactly("2", "3");
        assertThat(broker.committed("group", "orders", 0)).hasValue(1);
        assertThat(broker.redelivered("group")).isEqualTo(2);
    }

    @Test
    void aPositionIsPinnedAtReadyEvenIfTheMemberCrashesBeforeItsFirstCommit() {
        world.join("a", one, "orders");
        world.runtime.crash("a");
        world.send("orders", "1");
        broker.expireSession("a");
        world.join("b", two, "orders");
        assertThat(two.values()).containsExactly("1");
        MessagingAssertions.assertThat(broker).nothingLost();
    }

    @Test
    void anAcknowledgementIsTakenByALaterEventAndAnswered() {
        BackendConsumer consumer = world.join("a", one, "orders");
        world.send("orders", "1", "2");
        one.news();
        consumer.acknowledge(one.only(), 2, NONE);
        assertThat(broker.committed("group", "orders", 0)).hasValue(0);
        assertThat(broker.unacknowledged("group")).isEqualTo(2);
        world.runtime.settle();
        assertThat(broker.committed("group", "orders", 0)).hasValue(2);
        assertThat(one.news()).containsExactly("acknowledged orders-0#1 2");
        MessagingAssertions.assertThat(broker).hasAcknowledgedAll("group");
    }

    @Test
    void aRebalanceGivesEachPartitionToExactlyOneMemberWithANewEpoch() {
        broker.createTopic("orders", 4);
        world.join("a", one, "orders");
        Set<Assignment> before = Set.copyOf(one.held.values());
        world.join("b", two, "orders");
        List<Assignment> all = new ArrayList<>(one.held.values());
        all.addAll(two.held.values());
        assertThat(all).extracting(Assignment::partition).containsExactlyInAnyOrder(0, 1, 2, 3);
        assertThat(one.held).hasSize(2);
        broker.rebalance("group");
        world.runtime.settle();
        assertThat(one.held.values()).hasSize(2).doesNotContainAnyElementsOf(before);
        assertThat(two.held.values())
                .hasSize(2)
                .extracting(Assignment::partition)
                .containsExactly(0, 2);
    }

    @Test
    void aMemberWithoutPartitionsBecomesReadyToo() {
        world.join("a", one, "orders");
        world.join("b", two, "orders");
        assertThat(two.events).containsExactly("ready");
        one.news();
    }

    @Test
    void aRevokedPartitionGoesOnOnlyWhenItsHolderHasLetGoAndCommitsBefore() {
        BackendConsumer consumer = world.join("a", one, "orders", "more");
        world.send("orders", "1", "2");
        world.send("more", "x");
        one.drained = new CompletableFuture<>();
        Assignment orders = one.held.get("orders0");
        world.join("b", two, "orders", "more");
        assertThat(two.held).isEmpty();
        world.send("orders", "3");
        assertThat(one.values()).doesNotContain("3");
        consumer.acknowledge(orders, 1, NONE);
        one.drained.complete(null);
        world.runtime.settle();
        assertThat(two.held).containsOnlyKeys("orders0");
        assertThat(two.values()).containsExactly("2", "3");
        assertThat(broker.violations()).isEmpty();
    }

    @Test
    void aMemberThatDoesNotLetGoInTimeIsOverruledAndReported() {
        world.join("a", one, "orders", "more");
        one.drained = new CompletableFuture<>();
        world.join("b", two, "orders", "more");
        world.runtime.advance(Duration.ofMillis(5_999));
        assertThat(two.held).isEmpty();
        world.runtime.advance(Duration.ofMillis(1));
        assertThat(two.held).hasSize(1);
        assertThat(broker.violations()).singleElement().asString().contains("did not let go of [orders-0#");
    }

    @Test
    void aMemberThatLosesItsSessionJoinsAgainWithANewEpochAndGetsTheRestAgain() {
        BackendConsumer consumer = world.join("a", one, "orders");
        world.send("orders", "1", "2");
        consumer.acknowledge(one.only(), 1, NONE);
        world.runtime.settle();
        one.news();
        broker.expireSession("a");
        world.runtime.settle();
        assertThat(one.news())
                .containsExactly("lost [orders-0#1]", "assigned [orders-0#2]", "ready", "delivered orders-0#2 [2]");
        consumer.acknowledge(new Assignment("orders", 0, 1), 2, NONE);
        world.runtime.settle();
        assertThat(broker.committed("group", "orders", 0)).hasValue(1);
        assertThat(broker.violations())
                .as("the news of the loss may have crossed it")
                .isEmpty();
    }

    @Test
    void anAcknowledgementOfMoreThanWasDeliveredIsAViolationAndNotCommitted() {
        BackendConsumer consumer = world.join("a", one, "orders");
        world.send("orders", "1");
        consumer.acknowledge(one.only(), 2, NONE);
        world.runtime.settle();
        assertThat(broker.committed("group", "orders", 0)).hasValue(0);
        assertThat(broker.violations()).hasSize(1);
        assertThatThrownBy(() -> MessagingAssertions.assertThat(broker).nothingLost())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("up to tag 2");
    }

    @Test
    void anAcknowledgementAfterLettingGoIsAViolation() {
        BackendConsumer consumer = world.join("a", one, "orders");
        world.send("orders", "1");
        Assignment old = one.only();
        broker.rebalance("group");
        world.runtime.settle();
        consumer.acknowledge(old, 1, NONE);
        world.runtime.settle();
        assertThat(broker.violations()).singleElement().asString().contains("after it had let go");
    }

    @Test
    void aPartitionBornLaterIsReadFromItsBeginning() {
        world.join("a", one, "orders");
        world.runtime.crash("a");
        broker.addPartitions("orders", 2);
        world.put(Message.builder("orders")
                .keyText("order-123")
                .valueText("born later")
                .build());
        assertThat(broker.messages("orders").get(0).partition()).isEqualTo(1);
        broker.expireSession("a");
        world.join("b", two, "orders");
        assertThat(two.held).hasSize(2);
        assertThat(two.values()).containsExactly("born later");
    }

    @Test
    void aPausedPartitionDeliversNothingUntilItIsResumed() {
        BackendConsumer consumer = world.join("a", one, "orders", "more");
        consumer.pause(Set.of(one.held.get("orders0")));
        world.runtime.settle();
        world.send("orders", "1");
        world.send("more", "x");
        assertThat(one.values()).containsExactly("x");
        consumer.resume(Set.of(one.held.get("orders0")));
        world.runtime.settle();
        assertThat(one.values()).containsExactly("x", "1");
    }

    @Test
    void batchesHaveAtMost500MessagesAndNoPartitionStarvesAnother() {
        broker.createTopic("orders", 2);
        for (int i = 0; i < 2_400; i++) {
            world.put(Message.builder("orders").build());
        }
        world.join("a", StartPosition.EARLIEST, one, "orders");
        List<Integer> partitions = new ArrayList<>();
        int previous = -1;
        for (ReceivedMessage message : one.messages) {
            if (message.position().partition() != previous) {
                previous = message.position().partition();
                partitions.add(previous);
            }
        }
        assertThat(partitions).containsExactly(0, 1, 0, 1, 0, 1);
        assertThat(one.messages).hasSize(2_400);
    }

    @Test
    void recyclingCommitsWhatIsFinishedAndDeliversTheRestAgain() {
        BackendConsumer consumer = world.join("a", one, "orders");
        world.send("orders", "1", "2");
        consumer.acknowledge(one.only(), 1, NONE);
        one.news();
        consumer.recycle(one.only(), "test");
        world.runtime.settle();
        assertThat(one.news())
                .containsExactly(
                        "acknowledged orders-0#1 1",
                        "revoked [orders-0#1]",
                        "assigned [orders-0#2]",
                        "delivered orders-0#2 [2]");
        assertThat(consumer.holdLimit()).isNull();
    }

    @Test
    void aClosedConsumerKeepsWhatItAcknowledgedHandsOnTheRestAndIsNotCalledAgain() {
        BackendConsumer consumer = world.join("a", one, "orders");
        world.join("b", two, "orders");
        world.send("orders", "1", "2");
        consumer.acknowledge(one.only(), 1, NONE);
        one.news();
        CompletableFuture<Long> closed = consumer.close(Duration.ofSeconds(1));
        assertThat(closed).isNotDone();
        world.runtime.settle();
        assertThat(closed).isCompleted();
        assertThat(one.news()).isEmpty();
        assertThat(two.values()).containsExactly("2");
    }

    @Test
    void aLostConnectionKeepsTheSessionAndCommitsAfterwards() {
        BackendConsumer consumer = world.join("a", one, "orders");
        world.send("orders", "1");
        broker.disconnect();
        consumer.acknowledge(one.only(), 1, NONE);
        CompletableFuture<Void> probe = world.client("c").probe();
        world.runtime.settle();
        assertThat(probe).isCompletedExceptionally();
        assertThat(broker.committed("group", "orders", 0)).hasValue(0);
        broker.reconnect();
        world.send("orders", "2");
        assertThat(broker.committed("group", "orders", 0)).hasValue(1);
        assertThat(one.values()).containsExactly("1", "2");
        assertThat(one.events).noneMatch(event -> event.startsWith("lost"));
    }
}
