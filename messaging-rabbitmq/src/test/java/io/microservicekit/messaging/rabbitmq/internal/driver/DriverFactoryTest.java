package io.microservicekit.messaging.rabbitmq.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DriverFactoryTest {
    /** The driver waits half the time of a handshake for its first word. */
    @Test
    void aPortThatNeverAnswersIsGivenUpWithinTheConnectTimeout() {
        assertThat(handshakeMillis(Duration.ofSeconds(3))).isEqualTo(6_000);
        assertThat(handshakeMillis(Duration.ofSeconds(10))).isEqualTo(10_000);
    }

    private static int handshakeMillis(Duration connectTimeout) {
        RabbitMqOptions options = RabbitMqOptions.builder().brokers("localhost").build();
        DriverSettings settings = DriverSettings.of(options, null, connectTimeout);
        DriverLog log = new DriverLog(System.getLogger("test"), "test");
        return DriverFactory.of(settings, log, "test").getHandshakeTimeout();
    }
}
