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
    /** The driver waits half the time of a handshake for each answer. */
    @Test
    void aLoginHasFiveSecondsHoweverSmallTheShareOfItsAddressAndAllOfALargerOne() throws RefusedException {
        assertThat(loginMillis(Duration.ofSeconds(10), Duration.ofSeconds(2))).isEqualTo(5_000);
        assertThat(loginMillis(Duration.ofSeconds(10), Duration.ofSeconds(10))).isEqualTo(10_000);
        assertThat(loginMillis(Duration.ofSeconds(3), Duration.ofSeconds(1))).isEqualTo(3_000);
    }

    @Test
    void theDriverHasTheTimesOfTheOptions() throws RefusedException {
        RabbitMqOptions options = RabbitMqOptions.builder()
                .brokers("localhost")
                .rpcTimeout(Duration.ofSeconds(3))
                .heartbeat(Duration.ofSeconds(4))
                .build();
        DriverSettings settings = DriverSettings.of(options, null, Duration.ofSeconds(20));
        WatchedFactory factory = DriverFactory.of(settings, new DriverLog(System.getLogger("test"), "test"), "test");
        assertThat(factory.getChannelRpcTimeout()).isEqualTo(3_000);
        assertThat(factory.getRequestedHeartbeat()).isEqualTo(4);
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
        assertThatThrownBy(() -> DriverFactory.of(settings, new DriverLog(System.getLogger("test"), "test"), "test"))
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

    private static int loginMillis(Duration connectTimeout, Duration share) throws RefusedException {
        RabbitMqOptions options = RabbitMqOptions.builder().brokers("localhost").build();
        DriverSettings settings =
                DriverSettings.of(options, null, connectTimeout).within(share);
        DriverLog log = new DriverLog(System.getLogger("test"), "test");
        return DriverFactory.of(settings, log, "test").getHandshakeTimeout() / 2;
    }
}
