package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriverVersionTest {
    @Test
    void theJarThatIsPresentIsAccepted() {
        assertThatCode(DriverVersion.present()::check).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.33.1", "5.37.1", "5.100.0-rc1", "6.0"})
    void theFloorAndLaterAreAccepted(String version) {
        assertThatCode(new DriverVersion(version)::check).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.33.0", "5.9.9", "4.12.0", "unknown"})
    void aBackendIsNotOpenedWithAnEarlierVersionAndBothAreNamed(String version) {
        RabbitMqBackendProvider provider = new RabbitMqBackendProvider(() -> new DriverVersion(version));
        System.Logger logger = System.getLogger("DriverVersionTest");
        BackendContext context = new BackendContext(
                "client", SimulatedRuntime.seeded(1), logger, new MessagingObserver() {}, Duration.ofSeconds(5));
        assertThatThrownBy(() -> provider.open(
                        RabbitMqOptions.builder().url("amqp://127.0.0.1:1").build(), context))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("has version " + version + ", at least 5.33.1 is needed");
    }
}
