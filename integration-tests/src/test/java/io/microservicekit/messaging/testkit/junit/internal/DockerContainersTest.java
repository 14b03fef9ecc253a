package io.microservicekit.messaging.testkit.junit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is decided before Docker is asked; whether it runs on this machine makes no difference here. */
class DockerContainersTest {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final RabbitMqSettings settings = new RabbitMqSettings();

    @Test
    void whereAnImageIsNamedAContainerIsChosen() {
        System.setProperty(RabbitMqLookup.IMAGE_PROPERTY, "rabbitmq:4");
        try {
            assertThatThrownBy(() -> RabbitMqServer.builder()
                            .property("heartbeat", "5")
                            .channelTick(LIMIT)
                            .tls(Path.of("identity.pem"), Path.of("authority.pem"))
                            .start())
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("from the image 'rabbitmq:4'")
                    .hasMessageContaining("[heartbeat, channel_tick_interval, TLS]")
                    .hasMessageContaining("remove MESSAGING_RABBITMQ_IMAGE");
        } finally {
            System.clearProperty(RabbitMqLookup.IMAGE_PROPERTY);
        }
    }

    @Test
    void withoutDockerTheErrorSaysWhatToDo() {
        assertThatThrownBy(() -> new DockerContainers(() -> false).start("rabbitmq:4", settings, LIMIT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("from the image 'rabbitmq:4' failed: no Docker engine answers")
                .hasMessageContaining("start one (see DOCKER_HOST)")
                .hasMessageContaining("remove MESSAGING_RABBITMQ_IMAGE");
    }

    @Test
    void plainSettingsAreWrittenForTheContainer() {
        settings.put("consumer_timeout", "60000");
        settings.memory(1_000);

        assertThat(settings.isPlain()).isTrue();
        assertThat(settings.plainText())
                .isEqualTo("vm_memory_high_watermark.absolute = 1000\nconsumer_timeout = 60000\n");
    }
}
