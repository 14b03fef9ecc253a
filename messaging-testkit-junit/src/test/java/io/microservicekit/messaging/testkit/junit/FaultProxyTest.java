package io.microservicekit.messaging.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that sends back what it gets. */
@Timeout(60)
class FaultProxyTest {
    private static final int QUIET_MILLIS = 300;
    private static final int PATIENT_MILLIS = 10_000;

    private Echo echo;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new Echo();
        proxy = FaultProxy.to(echo.port());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void withoutAFaultAllBytesPassInOrderAndTheEndIsHandedOn() throws IOException {
        byte[] all = new byte[1 << 20];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (i * 31);
        }
        try (Socket client = connect()) {
            client.getOutputStream().write(all, 0, 1 << 14);
            assertThat(client.getInputStream().readNBytes(1 << 14)).startsWith(all[0], all[1], all[2]);
            client.getOutputStream().write(all, 1 << 14, 1 << 14);
            client.shutdownOutput();
            byte[] rest = client.getInputStream().readAllBytes();
            assertThat(rest).hasSize(1 << 14);
            assertThat(rest[77]).isEqualTo(all[(1 << 14) + 77]);
        }
        assertThat(proxy.accepted()).isEqualTo(1);
    }

    @Test
    void latencyDelaysEachDirectionWithoutLimitingHowMuchIsUnderWay() throws IOException {
        try (Socket client = connect()) {
            ping(client);
            proxy.latency(Duration.ofMillis(200), Duration.ofMillis(50));
            long begin = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                client.getOutputStream().write(i);
            }
            assertThat(client.getInputStream().readNBytes(20))
                    .hasSize(20)
                    .startsWith(0, 1, 2)
                    .endsWith(18, 19);
            long millis = (System.nanoTime() - begin) / 1_000_000;
            assertThat(millis).isBetween(300L, 20L * 300L);
        }
    }

    @Test
    void aThrottledConnectionTakesItsTime() throws IOException {
        try (Socket client = connect()) {
            proxy.throttle(20_000);
            long begin = System.nanoTime();
            client.getOutputStream().write(new byte[10_000]);
            assertThat(client.getInputStream().readNBytes(10_000)).hasSize(10_000);
            assertThat((System.nanoTime() - begin) / 1_000_000).isGreaterThanOrEqualTo(500);
        }
    }

    @Test
    void aBlackHoleKeepsConnectionsOpenAndHandsOnWhatItHeldWhenItIsHealed() throws IOException {
        try (Socket client = connect()) {
            ping(client);
            proxy.stall();
            client.getOutputStream().write(7);
            do {
                assertNothingArrives(client);
            } while (proxy.held() == 0);
            proxy.heal();
            assertThat(client.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void oneDirectionStallsWhileTheOtherFlows() throws IOException {
        try (Socket client = connect()) {
            ping(client);
            proxy.stallToClient();
            long before = echo.received();
            client.getOutputStream().write(7);
            do {
                assertNothingArrives(client);
            } while (echo.received() == before);
            assertThat(echo.received()).isEqualTo(before + 1);
            proxy.stallToBroker();
            assertThat(client.getInputStream().read()).isEqualTo(7);
            client.getOutputStream().write(8);
            assertNothingArrives(client);
            assertThat(echo.received()).isEqualTo(before + 1);
        }
    }

    @Test
    void aResetEndsPresentConnectionsOnly() throws IOException {
        try (Socket client = connect()) {
            ping(client);
            assertThat(proxy.reset()).isEqualTo(1);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        try (Socket client = connect()) {
            ping(client);
        }
    }

    @Test
    void connectionsAreRefusedUntilItIsHealed() throws IOException {
        try (Socket client = connect()) {
            ping(client);
            proxy.refuse();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> connect().close()).isInstanceOf(ConnectException.class);
        }
        proxy.heal();
        try (Socket client = connect()) {
            ping(client);
        }
    }

    @Test
    void aCutHitsInTheMiddleOfWhatIsSent() throws IOException {
        try (Socket client = connect()) {
            ping(client);
            proxy.cutAfter(1_000);
            long before = echo.received();
            client.getOutputStream().write(new byte[4_000]);
            InputStream in = client.getInputStream();
            assertThatThrownBy(() -> in.readNBytes(4_000)).isInstanceOf(SocketException.class);
            assertThat(echo.received()).isLessThanOrEqualTo(before + 1_000);
            assertThat(proxy.cuts()).isEqualTo(1);
        }
        proxy.heal();
        try (Socket client = connect()) {
            ping(client);
        }
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> proxy.latency(Duration.ofMillis(1), Duration.ofMillis(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT0.002S");
        assertThatThrownBy(() -> proxy.throttle(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 bytes per second");
        assertThatThrownBy(() -> proxy.cutAfter(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1 bytes");
    }

    private Socket connect() throws IOException {
        int colon = proxy.address().lastIndexOf(':');
        Socket client = new Socket();
        client.connect(new InetSocketAddress(
                Echo.loopback(), Integer.parseInt(proxy.address().substring(colon + 1))));
        client.setSoTimeout(PATIENT_MILLIS);
        return client;
    }

    private static void ping(Socket client) throws IOException {
        client.getOutputStream().write(1);
        assertThat(client.getInputStream().read()).isEqualTo(1);
    }

    private static void assertNothingArrives(Socket client) throws IOException {
        client.setSoTimeout(QUIET_MILLIS);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        client.setSoTimeout(PATIENT_MILLIS);
    }
}
