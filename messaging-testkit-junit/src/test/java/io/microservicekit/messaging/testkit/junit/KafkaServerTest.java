package io.microservicekit.messaging.testkit.junit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class KafkaServerTest {
    @Test
    void aStartTimeoutIsMoreThanZero() {
        assertThatThrownBy(() -> KafkaServer.builder().startTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("setting the start timeout to PT0S was refused");
    }

    @Test
    void aReservedPropertyIsRefusedBeforeTheStart() {
        assertThatThrownBy(() -> KafkaServer.builder().property("log.dirs", "elsewhere"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'log.dirs'");
    }
}
