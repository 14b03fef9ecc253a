package io.microservicekit.messaging.rabbitmq.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may consume from a broker that forgets a message once it is sent. */
class AutoAckTest {
    private final Subscription subscription = new Subscription().options(options -> options.autoAck(true));

    @AfterEach
    void end() {
        subscription.close();
    }

    @Test
    void autoAckIsRefusedToAConsumerThatPromisesMoreThanToDiscard() {
        InvalidConfigurationException refused =
                catchThrowableOfType(InvalidConfigurationException.class, subscription::open);

        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(refused)
                .hasMessageContaining("autoAck(true) contradicts")
                .hasMessageContaining("exhausted(ExhaustedPolicy.DISCARD)");
    }

    @Test
    void autoAckIsGrantedToAConsumerThatDiscards() {
        subscription.discarding().open();
        subscription.broker.publish(1);
        subscription.settle();

        assertThat(subscription.heard.values()).containsExactly("1");
        assertThat(subscription.broker.violations).isEmpty();
    }
}
