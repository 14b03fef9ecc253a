package io.microservicekit.messaging.rabbitmq.internal.driver;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What the driver needs to know to connect.
 *
 * @param addresses tried in this order
 * @param virtualHost the virtual host
 * @param login asked before each attempt
 * @param tls what encrypts; null for a connection in clear
 * @param heartbeat how often each side shows that it lives, in whole seconds; zero for never
 * @param connectTimeout how long one address may take to answer
 * @param maxInboundBytes how large the body of a message that comes may be
 * @param durable whether messages survive a restart of the broker
 */
public record DriverSettings(
        List<Address> addresses,
        String virtualHost,
        Supplier<Login> login,
        @Nullable SSLContext tls,
        Duration heartbeat,
        Duration connectTimeout,
        int maxInboundBytes,
        boolean durable) {
    /** Where a broker listens. */
    public record Address(String host, int port) {
        @Override
        public String toString() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    /** Who we are; never shown. */
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return "Login[***]";
        }
    }
}
