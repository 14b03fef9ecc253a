package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.kafka.KafkaOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscribedTopicsTest {
    private final HeardByEngine heard = new HeardByEngine();

    /** Whoever opens a driver fails. */
    private static final class NoDriver implements KafkaClients {
        @Override
        public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
            throw new IllegalStateException("opened");
        }

        @Override
        public Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
            throw new IllegalStateException("opened");
        }

        @Override
        public Admin admin(Map<String, Object> settings) {
            throw new IllegalStateException("opened");
        }
    }

    private ConsumerSpec spec(String topic) {
        return new ConsumerSpec(
                "group", List.of("fine", topic), StartPosition.NEWEST, OrderingMode.PARTITION, 1, 1_000, null, heard);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bad topic!", ".", "..", "a/b", "é"})
    void aTopicThatKafkaCannotHaveIsRefusedBeforeThereIsADriver(String topic) {
        BackendContext context = new BackendContext("client", new ManualRuntime(), heard, heard, Duration.ofSeconds(5));
        KafkaBackend backend =
                new KafkaBackend(KafkaOptions.builder().brokers("127.0.0.1:1").build(), context, new NoDriver());
        assertThatThrownBy(() -> backend.consumer(spec(topic), heard))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("'" + topic + "'")
                .matches(error -> MessagingException.is(error, ErrorCode.INVALID_CONFIG));
        assertThatThrownBy(() -> backend.provision(spec(topic)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("Provisioning group 'group' was not tried")
                .hasMessageContaining("'" + topic + "'");
    }

    @Test
    void aNameIsAsLongAsKafkaAllows() {
        assertThatCode(() -> SubscribedTopics.check("Subscribing", spec("a".repeat(249))))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> SubscribedTopics.check("Subscribing", spec("a".repeat(250))))
                .isInstanceOf(InvalidConfigurationException.class);
        assertThatCode(() -> SubscribedTopics.check("Subscribing", spec("...A_z-9")))
                .doesNotThrowAnyException();
    }
}
