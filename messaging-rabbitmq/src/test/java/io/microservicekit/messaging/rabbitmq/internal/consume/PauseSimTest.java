package io.microservicekit.messaging.rabbitmq.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.rabbitmq.RabbitMqTopology;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pauses of users, and those that the engine makes by itself at its bounds. */
class PauseSimTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Closure NODE_DOWN = new Closure(
            Closure.Kind.BROKER,
            404,
            "NOT_FOUND - home node 'rabbit@a' of durable queue 'group' is down or inaccessible",
            false,
            null);

    private final Subscription subscription = new Subscription();
    private final ScriptedBroker broker = subscription.broker;
    private final Heard heard = subscription.heard;

    @AfterEach
    void end() {
        assertThat(broker.violations).isEmpty();
        subscription.close();
    }

    private void open(int messages) {
        subscription.open();
        broker.publish(messages);
        subscription.settle();
    }

    private void pause() {
        subscription.consumer().pause(Collections.singleton(heard.last()));
        subscription.settle();
    }

    private void resume() {
        subscription.consumer().resume(Collections.singleton(heard.last()));
        subscription.settle();
    }

    private void acknowledge(long upTo) {
        subscription.consumer().acknowledge(heard.last(), upTo, new long[0]);
        subscription.settle();
    }

    @Test
    void aPauseEndsTheIntakeAtOnce() {
        open(20);
        pause();
        acknowledge(10);

        assertThat(broker.consumers()).isZero();
        assertThat(heard.messages).hasSize(10);
        assertThat(broker.acknowledged).hasSize(10);
    }

    @Test
    void aShortPauseGivesNothingBack() {
        open(20);
        pause();
        subscription.advance(Duration.ofMillis(4999));
        resume();
        acknowledge(10);

        assertThat(heard.messages).hasSize(20);
        assertThat(heard.events).doesNotContain("revoked 1");
        assertThat(broker.openChannels()).isEqualTo(1);
    }

    @Test
    void aPauseThatLastsReturnsWhatIsUnacknowledgedByClosingTheChannel() {
        open(5);
        heard.onRevoked = () -> subscription.consumer().acknowledge(heard.last(), 2, new long[0]);
        pause();
        subscription.advance(Duration.ofSeconds(5));

        assertThat(heard.events).containsSubsequence("revoked 1", "assigned 2").doesNotContain("lost 1");
        assertThat(broker.acknowledged).containsExactly(1L, 2L);
        assertThat(broker.ready()).isEqualTo(3);
        assertThat(broker.consumers()).isZero();
    }

    @Test
    void aPausedSubscriptionTakesNothingUntilItIsResumed() {
        open(5);
        pause();
        subscription.advance(Duration.ofSeconds(5));
        pause();
        subscription.advance(Duration.ofMinutes(30));
        assertThat(broker.consumers()).isZero();
        assertThat(heard.assigned).hasSize(2);
        assertThat(subscription.consumer().impediment()).isNull();

        resume();
        assertThat(heard.values()).containsExactly("1", "2", "3", "4", "5", "1", "2", "3", "4", "5");
        assertThat(heard.events).endsWith("ready", "delivered 5");
    }

    @Test
    void oneThatIsPausedAndIdleKeepsItsChannel() {
        open(5);
        acknowledge(5);
        pause();
        subscription.advance(Duration.ofMinutes(1));
        assertThat(heard.events).doesNotContain("revoked 1");
        broker.publish(1);
        resume();

        assertThat(heard.values()).endsWith("6");
        assertThat(heard.assigned).hasSize(1);
    }

    @Test
    void aPauseOfTheEngineItselfIsTakenForAUsersOnceAndThenHasTwiceTheTime() {
        open(20);
        pause();
        subscription.advance(Duration.ofSeconds(5));
        assertThat(heard.assigned).hasSize(2);
        assertThat(broker.consumers()).isZero();
        subscription.advance(SECOND);
        assertThat(broker.consumers()).isEqualTo(1);

        pause();
        subscription.advance(Duration.ofMillis(9999));
        assertThat(heard.assigned).hasSize(2);
        acknowledge(3);
        resume();
        assertThat(heard.assigned).hasSize(2);
        assertThat(broker.acknowledged).hasSize(3);
    }

    @Test
    void aUsersPauseMakesTheNextOneShortAgain() {
        open(20);
        pause();
        subscription.advance(Duration.ofSeconds(6));
        pause();
        subscription.advance(Duration.ofSeconds(10));
        assertThat(heard.assigned).hasSize(3);
        pause();
        resume();
        pause();
        subscription.advance(Duration.ofSeconds(5));

        assertThat(heard.assigned).hasSize(4);
    }

    @Test
    void aConnectionThatIsLostDuringAPauseDoesNotEndIt() {
        open(5);
        pause();
        broker.cut(SECOND);
        subscription.advance(SECOND);
        assertThat(heard.events).endsWith("lost 1", "assigned 2");
        pause();
        subscription.advance(Duration.ofMinutes(1));
        assertThat(broker.consumers()).isZero();

        resume();
        assertThat(broker.consumers()).isEqualTo(1);
    }

    @Test
    void anAttemptThatIsRefusedDuringAPauseDoesNotEndIt() {
        open(5);
        pause();
        broker.refuse("declare queue group", NODE_DOWN);
        broker.cut(SECOND);
        subscription.advance(Duration.ofMillis(1900));

        assertThat(heard.events).endsWith("lost 1", "assigned 3");
        assertThat(heard.messages).hasSize(5);
        assertThat(broker.consumers()).isZero();
    }

    @Test
    void aConnectionThatIsLostBeforeAPauseIsKnownAgainDoesNotEndIt() {
        open(5);
        pause();
        broker.cut(SECOND);
        subscription.advance(Duration.ofMillis(1500));
        assertThat(heard.events).endsWith("assigned 2");
        broker.cut(SECOND);
        subscription.advance(Duration.ofMillis(1500));
        assertThat(heard.events).endsWith("lost 2", "assigned 3");
        subscription.consumer().recycle(heard.last(), "");
        subscription.settle();

        assertThat(heard.events).endsWith("revoked 3", "assigned 4");
        assertThat(heard.messages).hasSize(5);
        assertThat(broker.consumers()).isZero();
    }

    @Test
    void pausesWithinARoundTripKeepToTheWindow() {
        subscription.open();
        broker.publish(40);
        for (int i = 0; i < 5; i++) {
            subscription.consumer().pause(Collections.singleton(heard.last()));
            subscription.consumer().resume(Collections.singleton(heard.last()));
        }
        subscription.settle();
        assertThat(heard.messages).hasSize(10);
        for (int finished = 10; finished <= 40; finished += 10) {
            acknowledge(finished);
        }

        assertThat(heard.messages).hasSize(40);
        assertThat(broker.most).isEqualTo(10);
        assertThat(broker.consumers()).isEqualTo(1);
    }

    @Test
    void whatTheBrokerHasForgottenIsNotGivenBack() {
        subscription.options(options -> options.autoAck(true)).discarding();
        open(5);
        pause();
        subscription.advance(Duration.ofMinutes(1));

        assertThat(heard.assigned).hasSize(1);
        broker.publish(1);
        resume();
        assertThat(heard.values()).endsWith("6");
    }

    /** Nothing else bounds what it takes in: without acknowledgements there is no prefetch. */
    @Test
    void whatTheBrokerForgetsIsNotTakenInWhilePausedWhateverTheQueueMayBe() {
        subscription
                .options(options -> options.autoAck(true).topology(RabbitMqTopology.PASSIVE))
                .discarding();
        open(5);
        pause();

        assertThat(broker.consumers()).isZero();
        broker.publish(1);
        assertThat(broker.ready()).isEqualTo(1);
        resume();
        assertThat(heard.values()).endsWith("6");
    }

    @Test
    void aSingleActiveConsumerLetsNobodyPastWhatItHasNotFinished() {
        subscription.options(options -> options.singleActiveConsumer(true));
        open(5);
        pause();
        assertThat(broker.consumers()).isEqualTo(1);
        subscription.advance(Duration.ofSeconds(5));

        assertThat(broker.consumers()).isZero();
        assertThat(broker.ready()).isEqualTo(5);
    }

    @Test
    void closingWhilePausedReturnsTheRest() {
        open(5);
        pause();
        var closed = subscription.consumer().close(SECOND);
        subscription.settle();

        assertThat(closed).isCompleted();
        assertThat(broker.ready()).isEqualTo(5);
        subscription.advance(Duration.ofMinutes(1));
        assertThat(heard.events).doesNotContain("revoked 1");
    }
}
