package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.kafka.KafkaOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientVersionTest {
    @Test
    void theJarThatIsPresentIsAccepted() {
        assertThatCode(ClientVersion.present()::check).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.2.0", "4.2.1-rc1", "4.10.0", "5.0"})
    void theFloorAndLaterAreAccepted(String version) {
        assertThatCode(new ClientVersion(version)::check).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.1.9", "3.9.2", "2.8.0-SNAPSHOT", "unknown"})
    void anEarlierVersionIsRefusedNamingBoth(String version) {
        assertThatThrownBy(new ClientVersion(version)::check)
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("has version " + version + ", at least 4.2.0 is needed");
    }

    @Test
    void aBackendIsNotOpenedWithAnEarlierVersion() {
        HeardByEngine heard = new HeardByEngine();
        BackendContext context = new BackendContext("client", new ManualRuntime(), heard, heard, Duration.ofSeconds(5));
        assertThatThrownBy(() -> new KafkaBackendProvider(() -> new ClientVersion("4.1.1"))
                        .open(KafkaOptions.builder().brokers("127.0.0.1:1").build(), context))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("has version 4.1.1");
    }
}
