package io.microservicekit.messaging.rabbitmq.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import java.time.Duration;
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
    void aMessageThatCameForAnotherIsNone() {
        subscription.open();
        broker.loseConnection(new Closure(Closure.Kind.DRIVER, 0, "too large", true, null), Duration.ofSeconds(1));
        broker.loseConnection(new Closure(Closure.Kind.NETWORK, 0, "nested", true, null), Duration.ofSeconds(1));
        subscription.advance(Duration.ofSeconds(2));

        assertThat(broker.troubles).isEmpty();
    }
}
