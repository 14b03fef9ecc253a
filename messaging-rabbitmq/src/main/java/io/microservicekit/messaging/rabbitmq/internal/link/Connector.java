package io.microservicekit.messaging.rabbitmq.internal.link;

import java.util.concurrent.CompletableFuture;

/** Opens connections. Its blocking work is done on threads of its own. */
public interface Connector {
    /**
     * Tries the configured addresses once each, with the credentials as they are now.
     *
     * @param name the connection's name as the broker shows it
     * @param events told on the loop, after the answer
     * @return ends on the loop: with the open connection, or with a {@link RefusedException} or another exception of the last address
     */
    CompletableFuture<BrokerConnection> connect(String name, ConnectionEvents events);
}
