package io.microservicekit.messaging.testkit.junit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RabbitMqServerTest {
    @Test
    void limitsAreMoreThanZero() {
        refuses(() -> RabbitMqServer.builder().startTimeout(Duration.ZERO), "setting the start timeout to PT0S");
        refuses(() -> RabbitMqServer.builder().consumerTimeout(Duration.ZERO), "setting the consumer timeout to PT0S");
        refuses(() -> RabbitMqServer.builder().channelTick(Duration.ofNanos(1)), "setting the channel tick to PT0.0");
        refuses(() -> RabbitMqServer.builder().memoryLimit(0), "limiting the memory to 0 bytes");
    }

    @Test
    void aReservedPropertyIsRefusedBeforeTheStart() {
        refuses(() -> RabbitMqServer.builder().property("listeners.tcp.default", "5672"), "'listeners.tcp.default'");
    }

    /** Nothing starts containers here: the tests of the library have something that does, its users have not. */
    @Test
    void anImageIsRefusedWhereNothingStartsContainers() {
        System.setProperty("messaging.rabbitmq.image", "rabbitmq:4");
        try {
            assertThatThrownBy(RabbitMqServer::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(
                            "from the image 'rabbitmq:4' failed: nothing on the class path starts containers")
                    .hasMessageContaining("MESSAGING_RABBITMQ_URL")
                    .hasMessageContaining("remove MESSAGING_RABBITMQ_IMAGE");
        } finally {
            System.clearProperty("messaging.rabbitmq.image");
        }
    }

    private static void refuses(ThrowingCallable call, String words) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(words);
    }
}
