package io.microservicekit.messaging.testkit.junit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopbackPortsTest {
    @Test
    void thePortsDifferAndLieBelowTheEphemeralRange() {
        int ephemeralLow = LoopbackPorts.ephemeralLow(Path.of("/proc/sys/net/ipv4/ip_local_port_range"));

        LoopbackPorts ports = LoopbackPorts.free();

        assertThat(ports.broker()).isNotEqualTo(ports.controller());
        assertThat(ports.broker()).isBetween(LoopbackPorts.lowest(ephemeralLow), ephemeralLow - 1);
        assertThat(ports.controller()).isBetween(LoopbackPorts.lowest(ephemeralLow), ephemeralLow - 1);
    }

    @Test
    void theRangeIsReadFromTheSystem(@TempDir Path directory) throws IOException {
        Path range = Files.writeString(directory.resolve("range"), "20000\t60999\n");

        assertThat(LoopbackPorts.ephemeralLow(range)).isEqualTo(20_000);
        assertThat(LoopbackPorts.lowest(20_000)).isEqualTo(8_000);
    }

    @Test
    void aSystemThatTellsNothingUsableHasTheUsualRange(@TempDir Path directory) throws IOException {
        Path empty = Files.writeString(directory.resolve("empty"), "");
        Path all = Files.writeString(directory.resolve("all"), "1024 65535");

        assertThat(LoopbackPorts.ephemeralLow(directory.resolve("missing"))).isEqualTo(32_768);
        assertThat(LoopbackPorts.ephemeralLow(empty)).isEqualTo(32_768);
        assertThat(LoopbackPorts.ephemeralLow(all)).isEqualTo(32_768);
    }

    @Test
    void aPortWithAListenerIsNotFree() throws IOException {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, LoopbackPorts.loopback())) {
            port = taken.getLocalPort();
            assertThat(LoopbackPorts.isFree(port)).isFalse();
        }
        assertThat(LoopbackPorts.isFree(port)).isTrue();
    }

    @Test
    void portsThatAnotherFixtureHasAreNotGivenAgainAlsoWhileItsBrokerIsDown() {
        LoopbackPorts ports = LoopbackPorts.free();

        assertThat(LoopbackPorts.isFree(ports.broker())).as("nobody listens").isTrue();
        assertThat(LoopbackPorts.claim(ports.broker())).isEmpty();
        assertThat(LoopbackPorts.claim(ports.controller())).isEmpty();
        assertThat(LoopbackPorts.claim(ports.broker() - 1)).isEmpty();
        ports.claims().forEach(DatagramSocket::close);
        assertThat(LoopbackPorts.claim(ports.broker())).isPresent();
    }
}
