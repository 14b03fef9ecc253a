package io.microservicekit.messaging.testkit.junit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RabbitMqLookupTest {
    private static final String COMMAND = "apt-get install -y --no-install-recommends rabbitmq-server";

    @TempDir
    private Path system;

    @Test
    void aSystemPropertyWinsOverTheEnvironment() {
        Map<String, String> variables = Map.of("MESSAGING_RABBITMQ_URL", "amqp://variable");

        assertThat(lookup(Map.of("messaging.rabbitmq.url", "amqp://property:1"), variables)
                        .url())
                .contains(URI.create("amqp://property:1"));
        assertThat(lookup(Map.of(), variables).url()).contains(URI.create("amqp://variable"));
        assertThat(lookup(Map.of("messaging.rabbitmq.url", " "), Map.of()).url())
                .isEmpty();
    }

    @Test
    void anImageIsNamedByAPropertyOrTheEnvironment() {
        assertThat(lookup(
                                Map.of("messaging.rabbitmq.image", "rabbitmq:4"),
                                Map.of("MESSAGING_RABBITMQ_IMAGE", "rabbitmq:3"))
                        .image())
                .contains("rabbitmq:4");
        assertThat(lookup(Map.of(), Map.of("MESSAGING_RABBITMQ_IMAGE", "rabbitmq:3"))
                        .image())
                .contains("rabbitmq:3");
        assertThat(lookup(Map.of(), Map.of()).image()).isEmpty();
    }

    @Test
    void whatIsNoUrlIsRefusedWithoutItsPassword() {
        for (String wrong : new String[] {"amqp://guest:se cret@host", "http://guest:secret@host", "secret:1"}) {
            assertThatThrownBy(() -> lookup(Map.of("messaging.rabbitmq.url", wrong), Map.of())
                            .url())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no URL such as amqp://guest:guest@127.0.0.1:5672/%2F")
                    .hasMessageNotContaining("cret");
        }
    }

    @Test
    void nothingInstalledSaysHowToGetANode() {
        assertThatThrownBy(() -> lookup(Map.of(), Map.of()).installation())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("neither its URL is given nor is RabbitMQ installed in /usr/lib/rabbitmq/bin")
                .hasMessageContaining(COMMAND)
                .hasMessageContaining("-Dmessaging.rabbitmq.home or MESSAGING_RABBITMQ_HOME")
                .hasMessageContaining("-Dmessaging.rabbitmq.url or MESSAGING_RABBITMQ_URL");
    }

    @Test
    void aHomeIsAnUnpackedArchiveOrAWholeSystem() throws IOException {
        Path archive = install("archive", "sbin");
        Path other = install("other", "usr/lib/rabbitmq/bin");
        install("other", "sbin");

        RabbitMqInstallation unpacked = in(archive);
        assertThat(unpacked.server())
                .isEqualTo(archive.resolve("sbin/rabbitmq-server").toString());
        assertThat(unpacked.prefix()).isEmpty();

        RabbitMqInstallation entered = in(other);
        assertThat(entered.server()).isEqualTo("/usr/lib/rabbitmq/bin/rabbitmq-server");
        assertThat(entered.prefix())
                .startsWith("unshare", "--mount")
                .endsWith(other.toRealPath().toString());
        assertThat(entered.seen(other.toRealPath().resolve("tmp/node"))).isEqualTo("/tmp/node");
        assertThatThrownBy(() -> entered.seen(archive)).hasMessageContaining("sees the directories below");
    }

    @Test
    void aHomeWithoutANodeIsNamed() {
        Path missing = system.resolve("missing");

        assertThatThrownBy(() -> in(missing))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'" + missing + "' holds neither sbin/rabbitmq-server nor usr/lib/rabbitmq/bin")
                .hasMessageContaining("it is no directory")
                .hasMessageContaining(COMMAND);
    }

    private Path install(String name, String scripts) throws IOException {
        Path home = system.resolve(name);
        Files.createFile(Files.createDirectories(home.resolve(scripts)).resolve("rabbitmq-server"));
        return home;
    }

    private RabbitMqInstallation in(Path home) {
        return lookup(Map.of("messaging.rabbitmq.home", home.toString()), Map.of())
                .installation();
    }

    private RabbitMqLookup lookup(Map<String, String> properties, Map<String, String> variables) {
        return new RabbitMqLookup(properties::get, variables::get, system);
    }
}
