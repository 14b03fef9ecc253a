package io.microservicekit.messaging.rabbitmq.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which ends a consumer reports as trouble of its own, that is to be counted, in virtual time. */
class TroublesSimTest {
    private final Subscription subscription = new Subscription();
    private final ScriptedBroker broker = subscription.broker;

    @AfterEach
    void end() {
        subscription.close();
    }

    @Test
    void aMessageThatCouldNotBeReadIsTheTroubleOfTheConsumerThatItCameFor() {
        subscription.open();
        Closure received = new Closure(Closure.Kind.RECEIVED, 0, "Message body is too large", true, null);
        broker.loseConnection(received, Duration.ofSeconds(1));
        subscription.advance(Duration.ofSeconds(2));

        assertThat(broker.troubles).containsExactly(received);
        assertThat(subscription.heard.events).containsExactly("assigned 1", "ready", "lost 1", "assigned 2", "ready");
    }

    @Test
    void aMessageThatCouldNotBeReadWhileTheConsumerLetsGoIsItsTroubleToo() {
        subscription.open();
        broker.publish(1);
        subscription.settle();
        broker.fallSilent();
        subscription.consumer().recycle(subscription.heard.last(), "held too long");
        subscription.settle();
        Closure received = new Closure(Closure.Kind.RECEIVED, 0, "Message body is too large", true, null);
        broker.loseConnection(received, Duration.ofSeconds(1));
        subscription.settle();

        assertThat(broker.troubles).containsExactly(received);
    }

    @Test
    void aMessageThatThisProcessCannotTakeIsTheTroubleOfTheConsumerThatItCameFor() {
        subscription.open();
        Closure overtaxed = new Closure(Closure.Kind.OVERTAXED, 0, "OutOfMemoryError", false, null);
        broker.closeChannels(overtaxed);
        subscription.settle();

        assertThat(broker.troubles).containsExactly(overtaxed);
    }

    @Test
    void whatEndsTheConnectionIsTheTroubleOfWhoIsAskingAndOfNobodyElse() {
        Closure internal = new Closure(Closure.Kind.BROKER, 541, "INTERNAL_ERROR", true, null);
        subscription.open();
        broker.loseConnection(internal, Duration.ofSeconds(1));
        subscription.settle();
        assertThat(broker.troubles).as("it was consuming").isEmpty();

        broker.refuse("bind", internal);
        subscription.advance(Duration.ofSeconds(1));
        assertThat(broker.troubles).containsExactly(internal);
        broker.refuse("bind", new Closure(Closure.Kind.BROKER, 320, "CONNECTION_FORCED", true, null));
        broker.refuse("bind", new Closure(Closure.Kind.NETWORK, 0, "Connection reset", true, null));
        subscription.advance(Duration.ofSeconds(5));

        assertThat(broker.troubles).containsExactly(internal);
        assertThat(subscription.heard.events).endsWith("ready");
        assertThat(subscription.heard.failures).isEmpty();
    }

    /** It does not depend on another connection. */
    @Test
    void anAttemptThatCouldNotEvenBeginIsMadeAgain() {
        subscription.open();
        broker.closeChannels(541, "INTERNAL_ERROR");
        subscription.settle();
        broker.lackThread();
        broker.closeChannels(541, "INTERNAL_ERROR");
        assertThatThrownBy(() -> subscription.advance(Duration.ofSeconds(2))).hasStackTraceContaining("no thread");
        subscription.advance(Duration.ofSeconds(6));

        assertThat(subscription.heard.events).endsWith("assigned 4", "ready");
    }

    @Test
    void aConnectionThatIsGivenUpWhileAConsumerClosesDoesNotDelayIt() {
        subscription.open();
        broker.fallSilent();
        CompletableFuture<Long> closed = subscription.consumer().close(Duration.ofSeconds(30));
        subscription.settle();
        assertThat(closed).isNotDone();
        broker.failUsers(new MessagingException(ErrorCode.MESSAGE_TOO_LARGE, "given up"));
        subscription.settle();

        assertThat(closed).isCompleted();
        assertThat(subscription.heard.failures).isEmpty();
    }

    @Test
    void aMessageThatCameForAnotherIsNone() {
        subscription.open();
        broker.loseConnection(new Closure(Closure.Kind.DRIVER, 0, "too large", true, null), Duration.ofSeconds(1));
        broker.loseConnection(new Closure(Closure.Kind.NETWORK, 0, "nested", true, null), Duration.ofSeconds(1));
        subscription.advance(Duration.ofSeconds(2));

        assertThat(broker.troubles).isEmpty();
    }

    /** Since 4.3 a message that was held too long ends its consumer, and what is acknowledged afterwards ends the channel. */
    @Test
    void whatIsAcknowledgedAfterTheBrokerHasTakenItBackIsNone() {
        subscription.heard.letGo = new CompletableFuture<>();
        subscription.open();
        broker.cancelConsumers();
        subscription.settle();
        broker.closeChannels(406, "PRECONDITION_FAILED - unknown delivery tag 3");
        subscription.advance(Duration.ofSeconds(20));

        assertThat(broker.troubles).isEmpty();
        assertThat(subscription.heard.events).endsWith("lost 1", "assigned 2", "ready");

        broker.closeChannels(406, "PRECONDITION_FAILED - unknown delivery tag 3");
        subscription.settle();
        assertThat(broker.troubles).as("for no such reason").hasSize(1);
    }
}
