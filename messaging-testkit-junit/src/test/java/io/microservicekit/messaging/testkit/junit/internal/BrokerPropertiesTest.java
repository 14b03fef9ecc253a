package io.microservicekit.messaging.testkit.junit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class BrokerPropertiesTest {
    private static final LoopbackPorts PORTS = new LoopbackPorts(20_001, 20_002, List.of());
    private static final NodePlace ALONE = new NodePlace(1, PORTS, List.of(PORTS), null);
    private static final Path DATA = Path.of("data");

    private final BrokerProperties properties = new BrokerProperties();

    @Test
    void aBrokerListensOnItsTwoLoopbackPorts() {
        assertThat(properties.complete(DATA, ALONE))
                .containsEntry("listeners", "PLAINTEXT://127.0.0.1:20001,CONTROLLER://127.0.0.1:20002")
                .containsEntry("advertised.listeners", "PLAINTEXT://127.0.0.1:20001")
                .containsEntry("controller.quorum.voters", "1@127.0.0.1:20002")
                .containsEntry("log.dirs", "data")
                .containsEntry("auto.create.topics.enable", "false");
    }

    @Test
    void aNodeOfThreeVotesWithTheOthersAndReplicatesToThem() {
        LoopbackPorts other = new LoopbackPorts(20_003, 20_004, List.of());
        LoopbackPorts third = new LoopbackPorts(20_005, 20_006, List.of());
        NodePlace second = new NodePlace(2, other, List.of(PORTS, other, third), null);

        assertThat(properties.complete(DATA, second))
                .containsEntry("node.id", "2")
                .containsEntry("listeners", "PLAINTEXT://127.0.0.1:20003,CONTROLLER://127.0.0.1:20004")
                .containsEntry("controller.quorum.voters", "1@127.0.0.1:20002,2@127.0.0.1:20004,3@127.0.0.1:20006")
                .containsEntry("offsets.topic.replication.factor", "3")
                .containsEntry("default.replication.factor", "3")
                .containsEntry("min.insync.replicas", "2");
    }

    @Test
    void clientsOfTheProxiedListenerAreSentToTheProxy() {
        NodePlace proxied = new NodePlace(1, PORTS, List.of(PORTS), new ProxiedListener(20_007, 20_008, List.of()));

        assertThat(properties.complete(DATA, proxied))
                .containsEntry(
                        "listeners",
                        "PLAINTEXT://127.0.0.1:20001,PROXIED://127.0.0.1:20007,CONTROLLER://127.0.0.1:20002")
                .containsEntry("advertised.listeners", "PLAINTEXT://127.0.0.1:20001,PROXIED://127.0.0.1:20008")
                .containsEntry(
                        "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT");
    }

    @Test
    void theSessionTimeoutIsKafkasOwnUnlessItIsAskedToBeFast() {
        assertThat(properties.complete(DATA, ALONE)).doesNotContainKey("broker.session.timeout.ms");

        properties.fastSessionTimeout();

        assertThat(properties.complete(DATA, ALONE)).containsEntry("broker.session.timeout.ms", "1000");
    }

    @Test
    void whatTheTestChoosesWins() {
        properties.put("log.segment.bytes", "1048576");

        assertThat(properties.complete(DATA, ALONE)).containsEntry("log.segment.bytes", "1048576");
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
