package io.microservicekit.messaging.rabbitmq.internal.driver;

import io.microservicekit.messaging.rabbitmq.RabbitMqCredentials;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqTls;
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
 * @param protocols the versions of TLS that may be spoken
 * @param times how long what may take
 * @param maxInboundBytes how large the body of a message that comes may be
 * @param durable whether messages survive a restart of the broker
 */
public record DriverSettings(
        List<Address> addresses,
        String virtualHost,
        Supplier<Login> login,
        @Nullable SSLContext tls,
        List<String> protocols,
        Times times,
        int maxInboundBytes,
        boolean durable) {
    /** Of the options; the context of encrypted connections is made from them beforehand. */
    public static DriverSettings of(RabbitMqOptions options, @Nullable SSLContext tls, Duration connectTimeout) {
        return new DriverSettings(
                options.addresses().stream().map(Address::of).toList(),
                options.virtualHost(),
                () -> Login.of(options.credentials().get()),
                tls,
                protocols(options.tls()),
                new Times(options.heartbeat(), connectTimeout, options.handshakeTimeout(), options.rpcTimeout()),
                options.maxInboundBytes(),
                options.durable());
    }

    /** The same for a connection on which messages of so many bytes are sent: the broker returns those that no queue takes. */
    public DriverSettings alsoReceiving(int returnedBytes) {
        int most = Math.max(maxInboundBytes, returnedBytes);
        return new DriverSettings(addresses, virtualHost, login, tls, protocols, times, most, durable);
    }

    /** The same within another time. */
    DriverSettings within(Duration limit) {
        return new DriverSettings(
                addresses, virtualHost, login, tls, protocols, times.within(limit), maxInboundBytes, durable);
    }

    private static List<String> protocols(@Nullable RabbitMqTls tls) {
        return tls == null
                ? List.of()
                : tls.protocols().stream().map(RabbitMqTls.Protocol::nativeName).toList();
    }

    /**
     * How long what may take.
     *
     * @param heartbeat how often each side shows that it lives, in whole seconds; zero for never
     * @param connect how long all addresses together may take to answer
     * @param handshake how long one may take from there until the connection is open
     * @param rpc how long an answer on a channel may take
     */
    public record Times(Duration heartbeat, Duration connect, Duration handshake, Duration rpc) {
        private Times within(Duration limit) {
            return new Times(heartbeat, limit, handshake, rpc);
        }
    }

    /** Where a broker listens. */
    public record Address(String host, int port) {
        static Address of(String text) {
            int colon = text.lastIndexOf(':');
            String host = text.substring(0, colon);
            boolean bracketed = host.startsWith("[") && host.endsWith("]");
            return new Address(
                    bracketed ? host.substring(1, host.length() - 1) : host,
                    Integer.parseInt(text.substring(colon + 1)));
        }

        @Override
        public String toString() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    /** Who we are; never shown. */
    public record Login(String user, String password) {
        static Login of(RabbitMqCredentials credentials) {
            return new Login(credentials.user(), credentials.password().reveal());
        }

        @Override
        public String toString() {
            return "Login[***]";
        }
    }
}
