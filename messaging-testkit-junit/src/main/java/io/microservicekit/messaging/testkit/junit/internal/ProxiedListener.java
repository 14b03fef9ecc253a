package io.microservicekit.messaging.testkit.junit.internal;

import java.net.InetSocketAddress;

/**
 * A listener of a broker that clients reach through a proxy only: the broker sends them there.
 *
 * @param port where the broker listens
 * @param advertisedPort where the proxy listens
 */
public record ProxiedListener(int port, int advertisedPort) {
    /** Two free ports of the loopback interface. */
    public static ProxiedListener free() {
        LoopbackPorts ports = LoopbackPorts.free();
        return new ProxiedListener(ports.broker(), ports.controller());
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
