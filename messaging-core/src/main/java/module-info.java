/**
 * The engine: delivery, retry, dead letters, ordering, shutdown, metrics. Applications touch {@code MessagingClients} when they wire a client,
 * and the API for everything else.
 */
module io.microservicekit.messaging.core {
    requires transitive io.microservicekit.messaging.api;
    requires static org.jspecify;

    exports io.microservicekit.messaging.core;

    uses io.microservicekit.messaging.api.spi.BackendProvider;
    uses io.microservicekit.messaging.api.spi.InstrumentationProvider;
}
