package io.microservicekit.messaging.rabbitmq.internal.link;

import java.util.concurrent.CompletableFuture;

/** Opens connections. Its blocking work is done on threads of its own. */
public interface Connector {
    /**
     * Tries the configured addresses once each, with the credentials as they are now.
     *
     * @param name the connection's name as the broker shows it
     * @param events told on the loop, after the answer
     * @return ends on the loop: with the open connection, or with the {@link RefusedException} of the last address
     */
    CompletableFuture<BrokerConnection> connect(String name, ConnectionEvents events);

    /** Ends an attempt that is under way, if there is one, by closing its socket; no further one is made. From any thread, idempotent. */
    void close();
}
