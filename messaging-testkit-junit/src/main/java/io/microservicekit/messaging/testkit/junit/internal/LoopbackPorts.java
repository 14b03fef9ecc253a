package io.microservicekit.messaging.testkit.junit.internal;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Two ports of the loopback interface that stay ours across restarts.
 *
 * <p>They lie below the ephemeral range: a port from within may be given to any outgoing connection while the broker is down,
 * and the broker could not come back. Nor may another fixture take it in that time, in this JVM or another: then tests would meet a broker that is not
 * theirs. So the UDP ports of the same numbers are held for as long as somebody refers to this.
 *
 * @param broker the lower one
 * @param controller the next one
 * @param claims hold the ports against other fixtures
 */
record LoopbackPorts(int broker, int controller, List<DatagramSocket> claims) {
    private static final Path EPHEMERAL_RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int USUAL_EPHEMERAL_LOW = 32_768;
    private static final int FIRST_UNPRIVILEGED = 1_024;
    private static final int SPAN = 12_000;
    private static final int ATTEMPTS = 200;

    static LoopbackPorts free() {
        int end = ephemeralLow(EPHEMERAL_RANGE);
        int start = lowest(end);
        SplittableRandom random = new SplittableRandom();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int first = random.nextInt(start, end - 1);
            Optional<LoopbackPorts> claimed = claim(first);
            if (claimed.isPresent()) {
                return claimed.get();
            }
        }
        throw new IllegalStateException("looking for two free ports on 127.0.0.1 from " + start + " to " + (end - 1)
                + " failed: " + ATTEMPTS + " probed pairs were in use; end the processes that listen there");
    }

    /** Two ports that nobody listens on and no other fixture has claimed. */
    static Optional<LoopbackPorts> claim(int first) {
        List<DatagramSocket> claims = new ArrayList<>();
        try {
            claims.add(new DatagramSocket(first, loopback()));
            claims.add(new DatagramSocket(first + 1, loopback()));
            if (isFree(first) && isFree(first + 1)) {
                return Optional.of(new LoopbackPorts(first, first + 1, claims));
            }
        } catch (SocketException e) {
            // Somebody else has it: the next attempt is at others.
        }
        claims.forEach(DatagramSocket::close);
        return Optional.empty();
    }

    String brokerAddress() {
        return "127.0.0.1:" + broker;
    }

    String controllerAddress() {
        return "127.0.0.1:" + controller;
    }

    /** First port of the ephemeral range, or the usual one where the system does not tell (macOS, Windows: 49152). */
    static int ephemeralLow(Path rangeFile) {
        try {
            int low = Integer.parseInt(Files.readString(rangeFile).trim().split("\\s+", -1)[0]);
            return low > FIRST_UNPRIVILEGED + 1 ? low : USUAL_EPHEMERAL_LOW;
        } catch (IOException | NumberFormatException e) {
            return USUAL_EPHEMERAL_LOW;
        }
    }

    static int lowest(int ephemeralLow) {
        return Math.max(FIRST_UNPRIVILEGED, ephemeralLow - SPAN);
    }

    /** Not {@code getLoopbackAddress}, which may be of IPv6: the broker listens on this one. */
    static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of four bytes is one of IPv4", e);
        }
    }

    static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(loopback(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
