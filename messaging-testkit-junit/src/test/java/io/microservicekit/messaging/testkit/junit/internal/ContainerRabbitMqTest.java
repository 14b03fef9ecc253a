package io.microservicekit.messaging.testkit.junit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is decided before Docker is asked. */
class ContainerRabbitMqTest {
    private final RabbitMqSettings settings = new RabbitMqSettings();

    @Test
    void settingsThatNeedFilesOfThisMachineAreRefusedByTheirNames() {
        settings.put("heartbeat", "5");
        settings.advanced("channel_tick_interval", "100");
        settings.tls(Path.of("identity.pem"), Path.of("authority.pem"));

        assertThatThrownBy(() -> ContainerRabbitMq.start("rabbitmq:4", settings, Duration.ofSeconds(1)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("rabbitmq:4")
                .hasMessageContaining("[heartbeat, channel_tick_interval, TLS]")
                .hasMessageContaining("remove MESSAGING_RABBITMQ_IMAGE");
    }

    @Test
    void theOthersAreWrittenForTheContainer() {
        settings.put("consumer_timeout", "60000");
        settings.memory(1_000);

        assertThat(settings.isPlain()).isTrue();
        assertThat(settings.plainText())
                .isEqualTo("vm_memory_high_watermark.absolute = 1000\nconsumer_timeout = 60000\n");
    }
}
