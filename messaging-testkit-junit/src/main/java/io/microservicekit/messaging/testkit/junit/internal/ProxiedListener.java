package io.microservicekit.messaging.testkit.junit.internal;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * A listener of a broker that clients reach through a proxy only: the broker sends them there.
 *
 * @param port where the broker listens
 * @param advertisedPort where the proxy listens
 * @param held keeps other fixtures away from ports that are ours
 */
public record ProxiedListener(int port, int advertisedPort, List<LoopbackPorts> held) {
    /** Two free ports of the loopback interface. */
    public static ProxiedListener free() {
        LoopbackPorts ports = LoopbackPorts.free();
        return new ProxiedListener(ports.broker(), ports.controller(), List.of(ports));
    }

    /** A free port before a listener that is there already. */
    public static ProxiedListener before(int port) {
        LoopbackPorts ports = LoopbackPorts.free();
        return new ProxiedListener(port, ports.controller(), List.of(ports));
    }

    /** Where the broker listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(LoopbackPorts.loopback(), port);
    }

    /** Where the proxy listens. */
    public InetSocketAddress proxyAddress() {
        return new InetSocketAddress(LoopbackPorts.loopback(), advertisedPort);
    }
}
