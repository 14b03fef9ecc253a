package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import io.microservicekit.messaging.kafka.KafkaOptions;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the options of a producer become in the driver's settings. */
class ProducerSettingsTest {
    private static final System.Logger LOGGER = System.getLogger("test");

    private static Map<String, Object> settings(Map<String, String> properties, Duration sendTimeout, long bytes) {
        var options = KafkaOptions.builder().brokers("localhost:9092");
        properties.forEach(options::property);
        BackendContext context = new BackendContext(
                "client", new ManualRuntime(), LOGGER, new MessagingObserver() {}, Duration.ofSeconds(1));
        return new ClientSettings(options.build(), context)
                .producer("1", new ProducerSpec(sendTimeout, 20_000, bytes, LOGGER));
    }

    private static void isTaken(Map<String, Object> settings) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings)) {
            assertThat(producer.metrics()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "30000, 30000", // the default
        "120000, 120000",
        "15000, 15000",
        "3000, 15000", // the driver wants room for a request
        "86400000, 86400000"
    })
    void theDriverDecidesInTheSendTimeoutOfTheProducer(long sendTimeout, int deliveryTimeout) {
        Map<String, Object> settings = settings(Map.of(), Duration.ofMillis(sendTimeout), 1);
        assertThat(settings.get("delivery.timeout.ms")).isEqualTo(deliveryTimeout);
        isTaken(settings);
    }

    @Test
    void aRequestTimeoutBeyondTheSendTimeoutIsTaken() {
        Map<String, Object> settings =
                settings(Map.of("request.timeout.ms", "30000", "linger.ms", "7"), Duration.ofSeconds(30), 1);
        assertThat(settings.get("delivery.timeout.ms")).isEqualTo(30_007);
        isTaken(settings);
    }

    @Test
    void theBufferHasRoomForAllThatMayBeInFlight() {
        Duration timeout = Duration.ofSeconds(30);
        assertThat(settings(Map.of(), timeout, 1_000).get("buffer.memory")).isEqualTo(32L << 20);
        assertThat((long) settings(Map.of(), timeout, 32L << 20).get("buffer.memory"))
                .isGreaterThan(32L << 20);
        assertThat((long) settings(Map.of(), timeout, 1L << 40).get("buffer.memory"))
                .isGreaterThan(1L << 40);
    }
}
