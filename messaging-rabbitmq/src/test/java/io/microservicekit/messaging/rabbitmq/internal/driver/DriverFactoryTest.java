package io.microservicekit.messaging.rabbitmq.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.rabbitmq.RabbitMqCredentials;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class DriverFactoryTest {
    /** The driver waits half the time of a handshake for its first word. */
    @Test
    void aPortThatNeverAnswersIsGivenUpWithinTheConnectTimeout() throws RefusedException {
        assertThat(handshakeMillis(Duration.ofSeconds(3))).isEqualTo(6_000);
        assertThat(handshakeMillis(Duration.ofSeconds(10))).isEqualTo(10_000);
    }

    @Test
    void theDriverHasTheTimesOfTheOptions() throws RefusedException {
        RabbitMqOptions options = RabbitMqOptions.builder()
                .brokers("localhost")
                .rpcTimeout(Duration.ofSeconds(3))
                .handshakeTimeout(Duration.ofSeconds(7))
                .heartbeat(Duration.ofSeconds(4))
                .build();
        WatchedFactory factory = factory(DriverSettings.of(options, null, Duration.ofSeconds(20)));
        assertThat(factory.getChannelRpcTimeout()).isEqualTo(3_000);
        assertThat(factory.getHandshakeTimeout()).isEqualTo(7_000);
        assertThat(factory.getRequestedHeartbeat()).isEqualTo(4);
        assertThat(factory.getConnectionTimeout()).isEqualTo(20_000);
    }

    private static WatchedFactory factory(DriverSettings settings) throws RefusedException {
        return DriverFactory.of(settings, new DriverLog(System.getLogger("test"), "test"), "test");
    }

    @Test
    void whatASupplierOfCredentialsSaysWhenItFailsIsNotShown() {
        refusesWithoutWords(() -> {
            throw new IllegalStateException("hunter2");
        });
        refusesWithoutWords(() -> {
            throw new AssertionError("hunter2");
        });
    }

    private static void refusesWithoutWords(Supplier<RabbitMqCredentials> supplier) {
        RabbitMqOptions options = RabbitMqOptions.builder()
                .brokers("localhost")
                .credentials(supplier)
                .build();
        DriverSettings settings = DriverSettings.of(options, null, Duration.ofSeconds(1));
        assertThatThrownBy(() -> factory(settings))
                .hasNoCause()
                .hasMessageContaining("supplier of the credentials")
                .hasMessageNotContaining("hunter2")
                .satisfies(error -> assertThat(Closures.of(error).kind()).isEqualTo(Closure.Kind.CREDENTIALS));
    }

    @Test
    void aConnectionThatPublishesTakesBackWhatItSends() {
        DriverSettings settings = DriverSettings.of(
                RabbitMqOptions.builder()
                        .brokers("localhost")
                        .maxInboundBytes(2_000)
                        .build(),
                null,
                Duration.ofSeconds(1));
        assertThat(settings.alsoReceiving(3_000).maxInboundBytes()).isEqualTo(3_000);
        assertThat(settings.alsoReceiving(1_000).maxInboundBytes())
                .as("a dead letter may be as large as what was received")
                .isEqualTo(2_000);
        assertThat(settings.maxInboundBytes()).isEqualTo(2_000);
    }

    private static int handshakeMillis(Duration connectTimeout) throws RefusedException {
        RabbitMqOptions options = RabbitMqOptions.builder().brokers("localhost").build();
        return factory(DriverSettings.of(options, null, connectTimeout)).getHandshakeTimeout();
    }
}
