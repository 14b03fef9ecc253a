package io.microservicekit.messaging.rabbitmq.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A consumer on a scripted broker, event by event. */
class ConsumerStorySimTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Subscription subscription = new Subscription();
    private final ScriptedBroker broker = subscription.broker;
    private final Heard heard = subscription.heard;

    @AfterEach
    void end() {
        assertThat(broker.violations).isEmpty();
        subscription.close();
    }

    private void acknowledge(long upTo, long... alsoThese) {
        subscription.consumer().acknowledge(heard.last(), upTo, alsoThese);
        subscription.settle();
    }

    private List<String> acknowledgements() {
        return broker.asked.stream().filter(each -> each.startsWith("ack ")).toList();
    }

    private static Closure closedByBroker(int code, String text) {
        return new Closure(Closure.Kind.BROKER, code, text, false, null);
    }

    @Test
    void itIsAssignedAndReadyOnceTheBrokerHasRegisteredIt() {
        subscription.open();

        assertThat(heard.events).containsExactly("assigned 1", "ready");
        assertThat(subscription.consumer().impediment()).isNull();
        assertThat(broker.asked)
                .containsExactly(
                        "check exchange amq.topic",
                        "declare queue group durable {x-queue-type=classic}",
                        "bind group to amq.topic by orders {}",
                        "prefetch 10",
                        "consume group");
    }

    @Test
    void whatComesWithinOneTurnIsOneReport() {
        subscription.open();
        broker.publish(10);
        subscription.settle();

        assertThat(heard.messages).hasSize(10);
        assertThat(heard.events.stream()
                        .filter(each -> each.startsWith("delivered"))
                        .count())
                .isLessThan(10);
    }

    @Test
    void noMoreThanThePrefetchCountIsUnacknowledged() {
        subscription.options(options -> options.prefetchCount(3)).open();
        broker.publish(10);
        subscription.settle();

        assertThat(heard.values()).containsExactly("1", "2", "3");
        acknowledge(3);
        assertThat(heard.values()).hasSize(6);
        assertThat(broker.most).isEqualTo(3);
    }

    @Test
    void finishedOnesBelowTheFirstUnfinishedAreAcknowledgedAsOneAndTheOthersOneByOne() {
        subscription.options(options -> options.prefetchCount(10)).open();
        broker.publish(10);
        subscription.settle();
        acknowledge(3, 5, 7);

        assertThat(acknowledgements()).containsExactly("ack 3*", "ack 5", "ack 7");
        acknowledge(5);
        assertThat(acknowledgements()).containsExactly("ack 3*", "ack 5", "ack 7");
        subscription.advance(Duration.ofMillis(10));
        assertThat(acknowledgements()).containsExactly("ack 3*", "ack 5", "ack 7", "ack 4");
        assertThat(heard.events).endsWith("acknowledged 5");
    }

    @Test
    void nothingIsAcknowledgedWhileTheFirstIsUnfinished() {
        subscription.open();
        broker.publish(5);
        subscription.settle();
        acknowledge(0);
        acknowledge(-1);
        subscription.advance(SECOND);

        assertThat(acknowledgements()).isEmpty();
    }

    @Test
    void whatIsAcknowledgedTwiceIsSentOnce() {
        subscription.open();
        broker.publish(5);
        subscription.settle();
        acknowledge(2);
        acknowledge(2);
        acknowledge(1, 2);
        subscription.advance(SECOND);

        assertThat(acknowledgements()).containsExactly("ack 2*");
    }

    @Test
    void acknowledgementsWaitForOthersTenMillisecondsAtTheMost() {
        subscription.options(options -> options.prefetchCount(100)).open();
        broker.publish(100);
        subscription.settle();
        acknowledge(10);
        assertThat(acknowledgements()).isEmpty();

        subscription.advance(Duration.ofMillis(10));
        assertThat(acknowledgements()).containsExactly("ack 10*");
        acknowledge(35);
        assertThat(acknowledgements()).containsExactly("ack 10*", "ack 35*");
    }

    @Test
    void theLastOnesDoNotWaitForOthers() {
        subscription.options(options -> options.prefetchCount(100)).open();
        broker.publish(2);
        subscription.settle();
        acknowledge(2);

        assertThat(acknowledgements()).containsExactly("ack 2*");
    }

    @Test
    void aFlushEndsWhenTheBrokerHasTakenWhatWasAcknowledged() {
        subscription.options(options -> options.prefetchCount(100)).open();
        broker.publish(100);
        subscription.settle();
        subscription.consumer().acknowledge(heard.last(), 3, new long[0]);
        CompletableFuture<Void> flushed = subscription.consumer().flush(heard.last());
        assertThat(flushed).isNotDone();
        subscription.settle();

        assertThat(flushed).isCompleted();
        assertThat(broker.acknowledged).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aFlushOfALostChannelFails() {
        subscription.open();
        broker.publish(1);
        subscription.settle();
        broker.fallSilent();
        CompletableFuture<Void> flushed = subscription.consumer().flush(heard.last());
        subscription.settle();
        assertThat(flushed).isNotDone();
        broker.closeChannels(406, "PRECONDITION_FAILED - whatever");
        subscription.settle();

        assertThat(flushed).isCompletedExceptionally();
    }

    @Test
    void aNewConnectionIsConsumedOnUnderANewEpoch() {
        subscription.open();
        broker.publish(3);
        subscription.settle();
        broker.cut(SECOND);
        subscription.settle();
        assertThat(heard.events).endsWith("lost 1");
        assertThat(subscription.consumer().impediment()).isEqualTo("there is no connection");
        subscription.consumer().acknowledge(heard.last(), 3, new long[0]);
        subscription.advance(SECOND);

        assertThat(heard.events).endsWith("lost 1", "assigned 2", "ready", "delivered 3");
        assertThat(broker.acknowledged).isEmpty();
        assertThat(broker.unacknowledged()).isEqualTo(3);
    }

    @Test
    void nothingOfAnOldEpochIsAcknowledgedOnANewChannel() {
        subscription.open();
        broker.publish(3);
        subscription.settle();
        var old = heard.last();
        broker.closeChannels(406, "PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out");
        subscription.settle();
        subscription.consumer().acknowledge(old, 3, new long[0]);
        subscription.consumer().hold(old, 3);
        CompletableFuture<Void> flushed = subscription.consumer().flush(old);
        subscription.advance(SECOND);

        assertThat(broker.acknowledged).isEmpty();
        assertThat(flushed).isCompletedExceptionally();
        assertThat(heard.values()).containsExactly("1", "2", "3", "1", "2", "3");
    }

    @Test
    void theBrokersConsumerTimeoutEndsInAnotherSubscription() {
        broker.consumerTimeout(Duration.ofMinutes(1));
        subscription.open();
        broker.publish(1);
        subscription.advance(Duration.ofSeconds(61));

        assertThat(heard.events).contains("lost 1", "assigned 2");
        assertThat(heard.values()).containsExactly("1", "1");
        assertThat(heard.warnings).anyMatch(each -> each.contains("delivery acknowledgement on channel 1 timed out"));
        assertThat(broker.troubles).isEmpty();
    }

    @Test
    void aConsumerThatTheBrokerCancelsIsRegisteredAnew() {
        subscription.open();
        broker.publish(2);
        subscription.settle();
        heard.onRevoked = () -> subscription.consumer().acknowledge(heard.last(), 1, new long[0]);
        broker.cancelConsumers();
        subscription.advance(SECOND);

        assertThat(heard.events).containsSubsequence("revoked 1", "assigned 2", "ready", "delivered 1");
        assertThat(broker.acknowledged).containsExactly(1L);
        assertThat(broker.asked.stream()
                        .filter(each -> each.startsWith("declare queue"))
                        .count())
                .isEqualTo(2);
        assertThat(broker.consumers()).isEqualTo(1);
    }

    @Test
    void aConsumerThatIsCancelledAgainAndAgainIsNotRegisteredInAHotLoop() {
        subscription.open();
        for (int i = 0; i < 20; i++) {
            broker.cancelConsumers();
            subscription.settle();
        }

        assertThat(heard.assigned.size()).isLessThan(4);
        subscription.advance(Duration.ofSeconds(10));
        assertThat(broker.consumers()).isEqualTo(1);
    }

    @Test
    void recyclingAcknowledgesWhatIsFinishedAndReturnsTheRestInOrder() {
        subscription.open();
        broker.publish(5);
        subscription.settle();
        heard.letGo = subscription.runtime.future();
        subscription.consumer().recycle(heard.last(), "held for long");
        subscription.advance(SECOND);
        assertThat(heard.events).endsWith("revoked 1");

        subscription.consumer().acknowledge(heard.last(), 2, new long[] {4});
        heard.letGo.complete(null);
        subscription.advance(SECOND);
        assertThat(broker.acknowledged).containsExactlyInAnyOrder(1L, 2L, 4L);
        assertThat(heard.values()).containsExactly("1", "2", "3", "4", "5", "3", "5");
        assertThat(heard.events).contains("assigned 2").doesNotContain("lost 1");
    }

    @Test
    void anEngineThatDoesNotLetGoIsNotWaitedForLongerThanTheDrain() {
        subscription.open();
        broker.publish(1);
        subscription.settle();
        heard.letGo = subscription.runtime.future();
        subscription.consumer().recycle(heard.last(), "held for long");
        subscription.advance(Duration.ofSeconds(7));

        assertThat(heard.events).contains("assigned 2");
    }

    @Test
    void aChannelThatDiesWhileTheEngineLetsGoIsLost() {
        subscription.open();
        broker.publish(1);
        subscription.settle();
        heard.letGo = subscription.runtime.future();
        subscription.consumer().recycle(heard.last(), "held for long");
        subscription.settle();
        broker.closeChannels(406, "PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out");
        subscription.settle();
        heard.letGo.complete(null);
        subscription.advance(SECOND);

        assertThat(heard.events).containsSubsequence("revoked 1", "lost 1", "assigned 2");
        assertThat(heard.assigned).hasSize(2);
    }

    @Test
    void aQuorumQueueThatIsNotReadyAfterARestartIsTriedAgain() {
        Closure internal = new Closure(Closure.Kind.BROKER, 541, "INTERNAL_ERROR", true, null);
        broker.refuse("consume", internal);
        broker.refuse("consume", internal);
        subscription.open();
        assertThat(heard.events).isEmpty();
        subscription.advance(Duration.ofSeconds(5));

        assertThat(heard.events).containsExactly("assigned 3", "ready");
        assertThat(broker.troubles).as("counted, with much patience").containsExactly(internal, internal);
    }

    @Test
    void whatEndsTheChannelAgainAndAgainIsToldToTheConnection() {
        for (int i = 0; i < 5; i++) {
            broker.refuse("consume", closedByBroker(506, "RESOURCE_ERROR"));
        }
        subscription.open();
        subscription.advance(Duration.ofSeconds(20));

        assertThat(broker.troubles).hasSize(5);
        assertThat(heard.events).endsWith("ready");
    }

    @Test
    void steadyConsumptionIsToldToTheConnection() {
        subscription.open();
        subscription.advance(Duration.ofSeconds(29));
        assertThat(broker.stable).isZero();
        subscription.advance(SECOND);

        assertThat(broker.stable).isEqualTo(1);
    }

    @Test
    void closingAcknowledgesWhatIsFinishedReturnsTheRestAndLeaves() {
        subscription.options(options -> options.prefetchCount(100)).open();
        broker.publish(10);
        subscription.settle();
        subscription.consumer().acknowledge(heard.last(), 4, new long[0]);
        CompletableFuture<Long> closed = subscription.consumer().close(SECOND);
        int events = heard.events.size();
        subscription.settle();

        assertThat(closed).isCompleted();
        assertThat(broker.acknowledged).containsExactly(1L, 2L, 3L, 4L);
        assertThat(broker.ready()).isEqualTo(6);
        assertThat(broker.users()).isZero();
        assertThat(broker.openChannels()).isZero();
        broker.publish(1);
        subscription.advance(Duration.ofMinutes(1));
        assertThat(heard.events.subList(events, heard.events.size()))
                .isSubsetOf(Collections.singleton("acknowledged 4"));
    }

    @Test
    void closingKeepsItsLimitWhenTheBrokerAnswersNothing() {
        subscription.open();
        broker.publish(1);
        subscription.settle();
        broker.fallSilent();
        CompletableFuture<Long> closed = subscription.consumer().close(Duration.ofSeconds(2));
        subscription.advance(Duration.ofMillis(1999));
        assertThat(closed).isNotDone();
        subscription.advance(Duration.ofMillis(1));

        assertThat(closed).isCompleted();
        assertThat(broker.users()).isZero();
    }

    @Test
    void aSecondCloseWithAShorterLimitShortensTheFirst() {
        subscription.open();
        broker.fallSilent();
        CompletableFuture<Long> first = subscription.consumer().close(Duration.ofSeconds(20));
        CompletableFuture<Long> second = subscription.consumer().close(Duration.ZERO);
        subscription.settle();

        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        CompletableFuture<Long> third = subscription.consumer().close(SECOND);
        subscription.settle();
        assertThat(third).isCompleted();
    }

    @Test
    void oneThatIsClosedWhileItHasNoConnectionIsClosedAtOnce() {
        subscription.open();
        broker.cut(Duration.ofSeconds(10));
        subscription.settle();
        CompletableFuture<Long> closed = subscription.consumer().close(SECOND);
        subscription.settle();

        assertThat(closed).isCompleted();
        subscription.advance(Duration.ofSeconds(20));
        assertThat(heard.events).containsExactly("assigned 1", "ready", "lost 1");
    }
}
