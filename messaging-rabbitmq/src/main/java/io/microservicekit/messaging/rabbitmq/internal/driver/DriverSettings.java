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
 * @param heartbeat how often each side shows that it lives, in whole seconds; zero for never
 * @param connectTimeout how long all addresses together may take to answer with their first word
 * @param loginTimeout how long each further answer may take before the connection is open: who asks others about a password is slow
 * @param maxInboundBytes how large the body of a message that comes may be
 * @param durable whether messages survive a restart of the broker
 */
public record DriverSettings(
        List<Address> addresses,
        String virtualHost,
        Supplier<Login> login,
        @Nullable SSLContext tls,
        List<String> protocols,
        Duration heartbeat,
        Duration connectTimeout,
        Duration loginTimeout,
        int maxInboundBytes,
        boolean durable) {
    private static final Duration LOGIN = Duration.ofSeconds(5);

    /** Of the options; the context of encrypted connections is made from them beforehand. */
    public static DriverSettings of(RabbitMqOptions options, @Nullable SSLContext tls, Duration connectTimeout) {
        return new DriverSettings(
                options.addresses().stream().map(Address::of).toList(),
                options.virtualHost(),
                () -> Login.of(options.credentials().get()),
                tls,
                protocols(options.tls()),
                options.heartbeat(),
                connectTimeout,
                connectTimeout,
                options.maxInboundBytes(),
                options.durable());
    }

    /** The same for a connection on which messages of so many bytes are sent: the broker returns those that no queue takes. */
    public DriverSettings alsoReceiving(int returnedBytes) {
        int most = Math.max(maxInboundBytes, returnedBytes);
        return new DriverSettings(
                addresses, virtualHost, login, tls, protocols, heartbeat, connectTimeout, loginTimeout, most, durable);
    }

    /** The same for one of several addresses: what it has for its first word is a share, and its login has as long, but no less than one may need. */
    DriverSettings within(Duration share) {
        Duration least = shorter(connectTimeout, LOGIN);
        Duration login = share.compareTo(least) < 0 ? least : share;
        return new DriverSettings(
                addresses, virtualHost, this.login, tls, protocols, heartbeat, share, login, maxInboundBytes, durable);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static List<String> protocols(@Nullable RabbitMqTls tls) {
        return tls == null
                ? List.of()
                : tls.protocols().stream().map(RabbitMqTls.Protocol::nativeName).toList();
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
