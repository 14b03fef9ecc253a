package io.microservicekit.messaging.rabbitmq.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.rabbitmq.RabbitMqTopology;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What waits for a retry or for its dead letter does not use up the window. */
class HeldMessagesSimTest {
    private final Subscription subscription = new Subscription();
    private final ScriptedBroker broker = subscription.broker;
    private final Heard heard = subscription.heard;

    @AfterEach
    void end() {
        assertThat(broker.violations).isEmpty();
        subscription.close();
    }

    private void open(int prefetch, int maxHeld, boolean single) {
        subscription
                .options(options ->
                        options.prefetchCount(prefetch).maxHeld(maxHeld).singleActiveConsumer(single))
                .open();
        broker.publish(100);
        subscription.settle();
    }

    private void hold(long... tags) {
        for (long tag : tags) {
            subscription.consumer().hold(heard.last(), tag);
            subscription.settle();
        }
    }

    private void release(long... tags) {
        for (long tag : tags) {
            subscription.consumer().release(heard.last(), tag);
            subscription.settle();
        }
    }

    private void acknowledge(long upTo, long... alsoThese) {
        subscription.consumer().acknowledge(heard.last(), upTo, alsoThese);
        subscription.advance(Duration.ofMillis(10));
    }

    private List<String> windows() {
        return broker.asked.stream()
                .filter(each -> each.startsWith("prefetch") || each.equals("cancel"))
                .toList();
    }

    @Test
    void nothingIsGainedWhileLessThanHalfTheWindowIsHeld() {
        open(10, 1000, false);
        hold(1, 2, 3, 4);

        assertThat(windows()).containsExactly("prefetch 10");
        assertThat(heard.messages).hasSize(10);
    }

    @Test
    void whenHalfTheWindowIsHeldAnotherConsumerOnTheChannelGetsAsMuchCreditAsIsHeld() {
        open(10, 1000, false);
        hold(1, 2, 3, 4, 5);

        assertThat(windows()).containsExactly("prefetch 10", "prefetch 5");
        assertThat(heard.messages).hasSize(15);
        assertThat(broker.consumers()).isEqualTo(2);
        assertThat(broker.openChannels()).isEqualTo(1);
        assertThat(subscription.consumer().impediment()).isNull();
    }

    @Test
    void othersFlowWhileManyAreHeld() {
        open(4, 40, false);
        for (int tag = 1; tag <= 40; tag++) {
            hold(tag);
        }

        assertThat(heard.messages).hasSize(44);
        acknowledge(0, 41, 42, 43, 44);
        assertThat(heard.messages).hasSize(48);
        assertThat(broker.most).isEqualTo(44);
    }

    @Test
    void noMoreThanMaxHeldIsGainedAndThenHealthSaysSo() {
        open(4, 6, false);
        hold(1, 2, 3, 4, 5, 6);
        assertThat(heard.messages).hasSize(10);
        assertThat(subscription.consumer().impediment()).isNull();
        hold(7, 8, 9, 10);

        assertThat(heard.messages).hasSize(10);
        assertThat(subscription.consumer().impediment())
                .isEqualTo("10 messages wait for a retry or for their dead letter, and maxHeld is 6:"
                        + " others wait behind them");
        acknowledge(10);
        assertThat(subscription.consumer().impediment()).isNull();
        assertThat(heard.messages.size()).isGreaterThan(10);
        assertThat(broker.most).isEqualTo(10);
    }

    @Test
    void whatIsNoLongerNeededIsGivenUp() {
        open(10, 1000, false);
        hold(1, 2, 3, 4, 5);
        release(1, 2, 3, 4, 5);

        assertThat(windows()).containsExactly("prefetch 10", "prefetch 5", "cancel");
        assertThat(broker.consumers()).isEqualTo(1);
        acknowledge(15);
        assertThat(broker.unacknowledged()).isEqualTo(10);
        assertThat(heard.messages).hasSize(25);
    }

    private void held(RabbitMqTopology topology, int messages) {
        subscription.options(options -> options.topology(topology)).open();
        broker.publish(1000);
        subscription.settle();
        for (int tag = 1; tag <= messages; tag++) {
            hold(tag);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = RabbitMqTopology.class,
            names = {"PASSIVE", "NONE"})
    void whereNoConsumerMayBeEndedTheChannelIsGivenBackOnceNothingWasHeldForAWhile(RabbitMqTopology topology) {
        held(topology, 40);
        acknowledge(50);
        assertThat(broker.unacknowledged()).isEqualTo(50);
        subscription.advance(Duration.ofSeconds(31));

        assertThat(broker.asked).as("may be a quorum queue").doesNotContain("cancel");
        assertThat(heard.events).containsSubsequence("revoked 1", "assigned 2");
        assertThat(broker.unacknowledged()).isEqualTo(10);
        assertThat(broker.consumers()).isEqualTo(1);
        subscription.advance(Duration.ofHours(1));
        assertThat(heard.assigned).hasSize(2);
    }

    @Test
    void aMessageBetweenItsAttemptsKeepsTheChannelForAsLongAsItMayBeHeld() {
        held(RabbitMqTopology.PASSIVE, 40);
        acknowledge(0, IntStream.rangeClosed(2, 50).mapToLong(i -> i).toArray());
        for (int minute = 1; minute < 10; minute++) {
            release(1);
            subscription.advance(Duration.ofMinutes(1));
            hold(1);
        }
        assertThat(heard.assigned).hasSize(1);
        subscription.advance(Duration.ofMinutes(1));

        assertThat(heard.assigned).hasSize(2);
        assertThat(broker.unacknowledged()).isEqualTo(10);
    }

    @Test
    void whereWhatIsHeldNeedsTheCreditAgainNothingIsGivenBack() {
        held(RabbitMqTopology.PASSIVE, 10);
        release(10);
        subscription.advance(Duration.ofSeconds(20));
        hold(10);
        subscription.advance(Duration.ofHours(1));

        assertThat(heard.assigned).hasSize(1);
    }

    @Test
    void whatWasOnItsWayWhenAConsumerWasGivenUpIsHandledAndAcknowledged() {
        open(2, 1000, false);
        subscription.consumer().hold(heard.last(), 1);
        subscription.consumer().release(heard.last(), 1);
        subscription.settle();

        assertThat(heard.messages.size()).isGreaterThan(2);
        acknowledge(heard.lastTag());
        assertThat(broker.acknowledged).hasSize(3);
        assertThat(broker.unacknowledged()).isEqualTo(2);
    }

    @Test
    void aHeldOneThatIsAcknowledgedIsNoLongerHeld() {
        open(4, 1000, false);
        hold(1, 2);
        assertThat(heard.messages).hasSize(6);
        acknowledge(6);

        assertThat(broker.unacknowledged()).isEqualTo(4);
        assertThat(broker.consumers()).isEqualTo(1);
    }

    @Test
    void aSingleActiveConsumerHasOneTagAndHealthSaysWhenAllItHasIsHeld() {
        open(4, 1000, true);
        hold(1, 2, 3);
        assertThat(subscription.consumer().impediment()).isNull();
        hold(4);

        assertThat(broker.consumers()).isEqualTo(1);
        assertThat(heard.messages).hasSize(4);
        assertThat(subscription.consumer().impediment())
                .contains("a single active consumer, or one of a quorum queue, gets no more");
        release(1);
        assertThat(subscription.consumer().impediment()).isNull();
    }

    @Test
    void holdingWhatIsUnknownOrAcknowledgedChangesNothing() {
        open(4, 1000, false);
        acknowledge(2);
        hold(1, 2, 99);
        release(77);

        assertThat(windows()).containsExactly("prefetch 4");
    }
}
