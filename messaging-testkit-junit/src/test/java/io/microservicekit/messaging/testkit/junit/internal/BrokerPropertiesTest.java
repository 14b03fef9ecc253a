package io.microservicekit.messaging.testkit.junit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class BrokerPropertiesTest {
    private static final LoopbackPorts PORTS = new LoopbackPorts(20_001, 20_002);
    private static final Path DATA = Path.of("data");

    private final BrokerProperties properties = new BrokerProperties();

    @Test
    void aBrokerListensOnItsTwoLoopbackPorts() {
        assertThat(properties.complete(DATA, PORTS))
                .containsEntry("listeners", "PLAINTEXT://127.0.0.1:20001,CONTROLLER://127.0.0.1:20002")
                .containsEntry("advertised.listeners", "PLAINTEXT://127.0.0.1:20001")
                .containsEntry("controller.quorum.voters", "1@127.0.0.1:20002")
                .containsEntry("log.dirs", "data")
                .containsEntry("auto.create.topics.enable", "false");
    }

    @Test
    void theSessionTimeoutIsKafkasOwnUnlessItIsAskedToBeFast() {
        assertThat(properties.complete(DATA, PORTS)).doesNotContainKey("broker.session.timeout.ms");

        properties.fastSessionTimeout();

        assertThat(properties.complete(DATA, PORTS)).containsEntry("broker.session.timeout.ms", "1000");
    }

    @Test
    void whatTheTestChoosesWins() {
        properties.put("log.segment.bytes", "1048576");

        assertThat(properties.complete(DATA, PORTS)).containsEntry("log.segment.bytes", "1048576");
        assertThat(properties.chosenNames()).containsExactly("log.segment.bytes");
    }

    @Test
    void whatTheFixtureReliesOnIsRefused() {
        assertThatThrownBy(() -> properties.put("listeners", "PLAINTEXT://:9092"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'listeners'")
                .hasMessageContaining("the fixture owns it");
        assertThatThrownBy(() -> properties.put(" ", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("its name is blank");
    }

    @Test
    void theFileIsReadBackAsItWasMeant() throws IOException {
        Properties read = new Properties();
        read.load(new StringReader(BrokerProperties.text(Map.of("log.dirs", "C:\\temp\\new"))));

        assertThat(read).containsExactly(Map.entry("log.dirs", "C:\\temp\\new"));
    }
}
