package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.testkit.MessagingAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.AckMode;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.ConsumerOptionsBuilder;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.SubscriptionHealth;
import io.microservicekit.messaging.api.SubscriptionState;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.testkit.MemoryBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManualCommitSimTest {
    private SimWorld world = SimWorld.topics(1);
    private final List<ReceivedMessage> got = new ArrayList<>();

    @AfterEach
    void end() {
        world.close();
    }

    private static ConsumerOptionsBuilder manual() {
        return ConsumerOptions.builder().ackMode(AckMode.MANUAL);
    }

    private MessageConsumer consumer(String client, ConsumerOptionsBuilder options) {
        return world.client(client).consumer(SimWorld.GROUP, options.build());
    }

    private Subscription subscribe(MessageConsumer consumer, MessageHandler handler) {
        return consumer.subscribe(SimWorld.TOPIC, world.recorded(handler)).awaitReady(Duration.ofSeconds(1));
    }

    private MessageConsumer collecting(String client) {
        MessageConsumer consumer = consumer(client, manual());
        subscribe(consumer, got::add);
        return consumer;
    }

    private ErrorCode refused(ThrowingCallable call) {
        MessagingException refused = catchThrowableOfType(MessagingException.class, call);
        assertThat(refused).isNotNull();
        return refused.code();
    }

    @Test
    void returningAcknowledgesNothingAndTheNextMessageComes() {
        collecting("a");
        world.sendTo(0, "one", "two", "three");
        assertThat(world.values()).containsExactly("one", "two", "three");
        world.seconds(60);
        assertThat(world.committed(0)).isZero();
    }

    @Test
    void aCommitInTheHandlerReturnsWhenTheBrokerHasIt() {
        MessageConsumer consumer = consumer("a", manual());
        List<Long> committed = new ArrayList<>();
        subscribe(consumer, message -> {
            consumer.commit(message);
            committed.add(world.committed(0));
        });
        world.sendTo(0, "one", "two");
        assertThat(committed).containsExactly(1L, 2L);
    }

    @Test
    void commitsInAnyOrderMoveThePositionOnlyOverWhatIsCommittedWithoutAGap() {
        MessageConsumer consumer = collecting("a");
        world.sendTo(0, "0", "1", "2", "3");
        List<Long> committed = new ArrayList<>();
        for (int number : new int[] {2, 0, 3, 2, 1}) {
            consumer.commit(got.get(number));
            committed.add(world.committed(0));
        }
        assertThat(committed).containsExactly(0L, 1L, 1L, 1L, 4L);
        assertThat(world.broker).hasAcknowledgedAll(SimWorld.GROUP).nothingLost();
    }

    @Test
    void whatWasNotCommittedComesAgainAfterACrash() {
        MessageConsumer consumer = collecting("a");
        world.sendTo(0, "0", "1", "2");
        consumer.commit(got.get(0));
        consumer.commit(got.get(2));
        world.sim.crash("a");
        world.broker.expireSession("a");
        collecting("b");
        world.sim.settle();
        assertThat(world.values()).containsExactly("0", "1", "2", "1", "2");
    }

    @Test
    void aCommitBeforeTheExceptionWins() {
        MessageConsumer consumer = consumer(
                "a",
                manual().retry(RetryPolicy.exponential(1, Duration.ofSeconds(1)))
                        .deadLetterQueue(SimWorld.DEAD));
        subscribe(consumer, message -> {
            if (!"uncommitted".equals(message.valueText())) {
                consumer.commit(message);
            }
            throw new IllegalStateException("no stock");
        });
        world.sendTo(0, "committed", "uncommitted", "next");
        world.seconds(10);
        assertThat(world.values()).containsExactly("committed", "uncommitted", "uncommitted", "next");
        assertThat(world.broker.messages(SimWorld.DEAD)).hasSize(1);
        assertThat(world.committed(0)).isEqualTo(3);
    }

    @Test
    void aCommitWaitsWhileTheBrokerIsAwayAndGoesOnAfterItsTimeout() {
        MessageConsumer consumer = consumer("a", manual());
        List<ErrorCode> ends = new ArrayList<>();
        subscribe(consumer, message -> {
            got.add(message);
            if (got.size() == 1) {
                world.broker.disconnect();
            }
            try {
                consumer.commit(message);
            } catch (MessagingException e) {
                ends.add(e.code());
            }
        });
        world.sendTo(0, "one");
        world.seconds(29);
        assertThat(ends).isEmpty();
        world.seconds(2);
        assertThat(ends).containsExactly(ErrorCode.TIMEOUT);
        assertThat(world.committed(0)).isZero();
        world.broker.reconnect();
        world.sim.settle();
        assertThat(world.committed(0)).isEqualTo(1);
    }

    @Test
    void aCommitOfALostAssignmentIsToldSoAndChangesNothing() {
        MessageConsumer consumer = collecting("a");
        world.sendTo(0, "one", "two");
        world.broker.expireSession("a");
        world.sim.settle();
        assertThat(world.values()).containsExactly("one", "two", "one", "two");
        assertThat(refused(() -> consumer.commit(got.get(0)))).isEqualTo(ErrorCode.NO_ACTIVE_SESSION);
        assertThat(world.committed(0)).isZero();
        consumer.commit(got.get(2));
        assertThat(world.committed(0)).isEqualTo(1);
    }

    @Test
    void aCommitAfterTheSubscriptionWasClosedIsToldSoAlsoWhenAnotherRuns() {
        MessageConsumer consumer = consumer("a", manual());
        Subscription first = subscribe(consumer, got::add);
        world.sendTo(0, "one");
        ShutdownReport report = first.close(Duration.ofSeconds(1));
        assertThat(report.returned()).isEqualTo(1);
        assertThat(refused(() -> consumer.commit(got.get(0)))).isEqualTo(ErrorCode.NO_ACTIVE_SESSION);
        subscribe(consumer, got::add);
        world.sim.settle();
        assertThat(got).hasSize(2);
        assertThat(refused(() -> consumer.commit(got.get(0)))).isEqualTo(ErrorCode.NO_ACTIVE_SESSION);
        assertThat(world.committed(0)).isZero();
    }

    @Test
    void aMessageOfAnotherConsumerIsRefused() {
        collecting("a");
        world.sendTo(0, "one");
        MessageConsumer other = world.client("b").consumer("other group", manual().build());
        subscribe(other, message -> {});
        assertThat(refused(() -> other.commit(got.get(0)))).isEqualTo(ErrorCode.NO_ACTIVE_SESSION);
        MessageConsumer member = consumer("c", manual());
        subscribe(member, message -> {});
        assertThat(refused(() -> member.commit(got.get(0)))).isEqualTo(ErrorCode.NO_ACTIVE_SESSION);
    }

    @Test
    void whatCanNotBeCommittedIsToldBeforeAnythingHappens() {
        ReceivedMessage message = ReceivedMessage.of(
                Message.builder(SimWorld.TOPIC).build(), MessagePosition.of(SimWorld.TOPIC, 0, 0), SimWorld.GROUP);
        MessageConsumer automatic = consumer("a", ConsumerOptions.builder());
        assertThat(refused(() -> automatic.commit(message))).isEqualTo(ErrorCode.INVALID_CONFIG);
        MessageConsumer idle = consumer("b", manual());
        assertThat(refused(() -> idle.commit(message))).isEqualTo(ErrorCode.NO_ACTIVE_SESSION);
        assertThat(refused(() -> commitNothing(idle))).isEqualTo(ErrorCode.NIL_MESSAGE);
    }

    @SuppressWarnings("NullAway") // what a careless user does
    private static void commitNothing(MessageConsumer consumer) {
        consumer.commit(null);
    }

    @Test
    void aCommitOnAThreadThatMustNotWaitIsATypedError() {
        MessageConsumer consumer = collecting("a");
        world.sendTo(0, "one");
        List<ErrorCode> codes = new ArrayList<>();
        MessageConsumer another = consumer("b", manual());
        Subscription made = another.subscribe(SimWorld.TOPIC, message -> {});
        CompletableFuture<?> unused = made.ready().thenRun(() -> codes.add(refused(() -> consumer.commit(got.get(0)))));
        world.seconds(10);
        assertThat(codes).containsExactly(ErrorCode.TIMEOUT);
    }

    @Test
    void aCloseDrainsHandlersThatCommit() {
        MessageConsumer consumer = consumer("a", manual());
        Subscription subscription = subscribe(consumer, message -> {
            world.work(Duration.ofSeconds(2));
            consumer.commit(message);
        });
        world.sendTo(0, "one", "two");
        ShutdownReport report = subscription.close(Duration.ofSeconds(10));
        assertThat(List.of(report.drained(), report.returned())).containsExactly(1L, 1L);
        assertThat(world.committed(0)).isEqualTo(1);
    }

    @Test
    void aRebalanceAcknowledgesWhatHandlersCommitWhileTheyDrain() {
        MessageConsumer consumer = consumer("a", manual());
        subscribe(consumer, message -> {
            world.work(Duration.ofSeconds(2));
            consumer.commit(message);
        });
        world.sendTo(0, "one", "two");
        world.broker.rebalance(SimWorld.GROUP);
        world.seconds(10);
        assertThat(world.values()).containsExactly("one", "two");
        assertThat(world.committed(0)).isEqualTo(2);
        assertThat(world.broker).nothingLost();
    }

    @Test
    void healthNamesTheMessageThatItsUserKeepsUncommitted() {
        MessagingClient client = world.client("a");
        MessageConsumer consumer =
                client.consumer(SimWorld.GROUP, manual().maxInFlight(4).build());
        subscribe(consumer, got::add);
        world.sendTo(0, "0", "1", "2", "3");
        consumer.commit(got.get(0));
        world.sendTo(0, "4", "5");
        world.seconds(2);
        SubscriptionHealth stuck = client.health().subscriptions().get(0);
        assertThat(stuck.state()).isEqualTo(SubscriptionState.DEGRADED);
        assertThat(stuck.reasons())
                .singleElement()
                .asString()
                .contains("not committed by the application", SimWorld.TOPIC + "-0@1");
        got.subList(1, got.size()).stream().toList().forEach(consumer::commit);
        world.seconds(2);
        assertThat(client.health().subscriptions().get(0).state()).isEqualTo(SubscriptionState.RUNNING);
    }

    @Test
    void onAQueueEachCommitIsAcknowledgedByItself() {
        world.close();
        world = SimWorld.of(MemoryBroker.builder().queueFlavour().prefetch(10));
        MessageConsumer consumer = collecting("a");
        world.send("0", "1", "2");
        consumer.commit(got.get(2));
        consumer.commit(got.get(1));
        world.sim.settle();
        assertThat(world.broker.lag(SimWorld.GROUP)).isEqualTo(1);
        consumer.commit(got.get(2));
        consumer.commit(got.get(0));
        assertThat(world.broker.lag(SimWorld.GROUP)).isZero();
        assertThat(world.broker.violations()).isEmpty();
        assertThat(world.broker.losses()).isEmpty();
    }

    @Test
    void onAQueueWhatIsUncommittedBeyondTheHoldLimitComesAgainAndOnlyThat() {
        world.close();
        world = SimWorld.of(MemoryBroker.builder().queueFlavour().prefetch(10).consumerTimeout(Duration.ofMinutes(10)));
        MessageConsumer consumer = collecting("a");
        world.send("0", "1", "2");
        consumer.commit(got.get(1));
        world.seconds(271);
        assertThat(world.values()).containsExactly("0", "1", "2", "0", "2");
        assertThat(refused(() -> consumer.commit(got.get(0)))).isEqualTo(ErrorCode.NO_ACTIVE_SESSION);
        consumer.commit(got.get(4));
        consumer.commit(got.get(3));
        assertThat(world.broker.lag(SimWorld.GROUP)).isZero();
        assertThat(world.broker.violations()).isEmpty();
    }

    @Test
    void theIntakePausesAtMaxInFlightUncommittedMessagesAndGoesOnWhenTheyAreCommitted() {
        MessageConsumer consumer = consumer("a", manual().maxInFlight(10));
        subscribe(consumer, got::add);
        for (int i = 0; i < 40; i++) {
            world.sendTo(0, Integer.toString(i));
        }
        int most = got.size();
        assertThat(most).isBetween(10, 20);
        List.copyOf(got.subList(0, 8)).forEach(consumer::commit);
        world.sim.settle();
        assertThat(got.size()).isGreaterThan(most);
        for (int i = 8; i < 40; i++) {
            consumer.commit(got.get(i));
            world.sim.settle();
        }
        assertThat(world.committed(0)).isEqualTo(40);
    }
}
