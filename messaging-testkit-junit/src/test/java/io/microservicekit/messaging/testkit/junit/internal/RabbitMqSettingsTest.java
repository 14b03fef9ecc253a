package io.microservicekit.messaging.testkit.junit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RabbitMqSettingsTest {
    private static final RabbitMqPorts PORTS =
            new RabbitMqPorts(new LoopbackPorts(1, 2, List.of()), new LoopbackPorts(3, 4, List.of()));

    @TempDir
    private Path directory;

    private final RabbitMqSettings settings = new RabbitMqSettings();

    @Test
    void aNodeListensOnLoopbackOnlyAndHasNoPlugin() throws IOException {
        write();

        assertThat(read("rabbitmq.conf")).contains("listeners.tcp.local = 127.0.0.1:1\n", "listeners.ssl = none\n");
        assertThat(read("advanced.config")).isEqualTo("[{rabbit, []}].\n");
        assertThat(read("enabled_plugins")).isEqualTo("[].\n");
        assertThat(settings.chosenNames()).isEmpty();
    }

    @Test
    void whatIsChosenStandsInTheFiles() throws IOException {
        settings.put("consumer_timeout", "60000");
        settings.advanced("channel_tick_interval", "1000");
        settings.memory(1_000_000);
        settings.tls(file("own.pem"), file("trust.pem"));
        settings.clientCertificates();

        write();

        String home = directory.toRealPath() + "/node/";
        assertThat(read("rabbitmq.conf"))
                .contains("consumer_timeout = 60000\n", "vm_memory_high_watermark.absolute = 1000000\n")
                .contains("listeners.ssl.local = 127.0.0.1:2\n", "ssl_options.fail_if_no_peer_cert = true\n")
                .contains("ssl_options.certfile = " + home + "identity.pem\n")
                .contains("ssl_options.cacertfile = " + home + "authority.pem\n");
        assertThat(read("identity.pem")).isEqualTo("own.pem");
        assertThat(read("advanced.config")).isEqualTo("[{rabbit, [{channel_tick_interval, 1000}]}].\n");
        assertThat(settings.chosenNames())
                .containsExactly("consumer_timeout", "channel_tick_interval", "memory limit", "TLS");
    }

    @Test
    void whatTheFixtureOwnsIsRefused() {
        for (String name : new String[] {"listeners.tcp.default", "ssl_options.verify", "vm_memory_high_watermark.x"}) {
            assertThatThrownBy(() -> settings.put(name, "1"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("setting '" + name + "'")
                    .hasMessageContaining("the fixture owns it");
        }
    }

    @Test
    void aSettingIsOneLine() {
        assertThatThrownBy(() -> settings.put("heartbeat", "1\nlisteners.tcp.x = 1"))
                .hasMessageContaining("one line");
        assertThatThrownBy(() -> settings.put(" ", "1")).hasMessageContaining("give a name of rabbitmq.conf");
    }

    private Path file(String name) throws IOException {
        return Files.writeString(directory.resolve(name), name);
    }

    private void write() {
        RabbitMqInstallation here = new RabbitMqInstallation(Path.of("/"), "/nowhere");
        settings.write(new RabbitMqHome(here, BrokerHome.in("unused-", directory.resolve("node"))), PORTS);
    }

    private String read(String name) throws IOException {
        return Files.readString(directory.resolve("node").resolve(name));
    }
}
