package io.microservicekit.messaging.testkit.junit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class ListeningTest {
    private static final long THIS = ProcessHandle.current().pid();

    @Test
    void aListenerIsOfTheProcessThatOpenedItAndOfNoOther() throws IOException {
        int port;
        try (ServerSocket listener = new ServerSocket(0, 1, LoopbackPorts.loopback())) {
            port = listener.getLocalPort();

            assertThat(Listening.isOf(THIS, port)).isTrue();
            assertThat(Listening.isOf(
                            ProcessHandle.current().parent().orElseThrow().pid(), port))
                    .isFalse();
        }
        assertThat(Listening.isOf(THIS, port)).as("after it was closed").isFalse();
    }

    @Test
    void aConnectionIsNoListener() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, LoopbackPorts.loopback());
                Socket connection = new Socket(LoopbackPorts.loopback(), listener.getLocalPort())) {
            assertThat(Listening.isOf(THIS, connection.getLocalPort())).isFalse();
        }
    }

    @Test
    void aProcessThatIsGoneHasNone() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, LoopbackPorts.loopback())) {
            assertThat(Listening.isOf(Integer.MAX_VALUE, listener.getLocalPort()))
                    .isFalse();
        }
    }
}
