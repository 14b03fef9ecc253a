package io.microservicekit.messaging.rabbitmq.internal.driver;

import com.rabbitmq.client.ConnectionFactory;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import java.time.Duration;

/** The driver as we use it: it connects once, and everything beyond that is ours. */
final class DriverFactory {
    private static final Duration RPC = Duration.ofSeconds(10);

    /** A loop never blocks; when it does not take deliveries for that long, it has ended. */
    private static final Duration LOOP_STALL = Duration.ofSeconds(60);

    private DriverFactory() {}

    static WatchedFactory of(DriverSettings settings, DriverLog log, String name) throws RefusedException {
        // Host names are checked by SocketSetup, which takes the place of the driver's check.
        WatchedFactory factory = new WatchedFactory(settings.tls());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        factory.setVirtualHost(settings.virtualHost());
        factory.setRequestedHeartbeat((int) settings.heartbeat().toSeconds());
        factory.setConnectionTimeout(millis(settings.connectTimeout()));
        // The driver waits half as long for each answer.
        factory.setHandshakeTimeout(millis(settings.loginTimeout().multipliedBy(2)));
        factory.silentFor(millis(settings.connectTimeout()), millis(settings.loginTimeout()));
        factory.setChannelRpcTimeout(millis(RPC));
        factory.setWorkPoolTimeout(millis(LOOP_STALL));
        // The driver refuses what has as many bytes as its limit.
        factory.setMaxInboundMessageBodySize(settings.maxInboundBytes() + 1);
        factory.setThreadFactory(new DriverThreads(name));
        factory.setExceptionHandler(log);
        login(settings, factory);
        return factory;
    }

    private static void login(DriverSettings settings, ConnectionFactory factory) throws RefusedException {
        DriverSettings.Login login = supplied(settings);
        factory.setUsername(login.user());
        factory.setPassword(login.password());
    }

    /** What a supplier says when it fails may hold a part of the secret. */
    private static DriverSettings.Login supplied(DriverSettings settings) throws RefusedException {
        try {
            return settings.login().get();
        } catch (Throwable e) {
            throw new RefusedException(new Closure(
                    Closure.Kind.CREDENTIALS,
                    0,
                    "the supplier of the credentials threw " + e.getClass().getName()
                            + " (its words are withheld because they may repeat a secret)",
                    true,
                    null));
        }
    }

    private static int millis(Duration duration) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, duration.toMillis()));
    }
}
