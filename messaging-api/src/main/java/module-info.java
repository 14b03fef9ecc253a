/**
 * The ports and the values of the messaging client: what an application touches ({@code api}, {@code api.message}, {@code api.observe}, {@code api.trace}) and
 * what an adapter implements ({@code api.spi}). Depends on the JDK only.
 */
module io.microservicekit.messaging.api {
    requires static org.jspecify;

    exports io.microservicekit.messaging.api;
    exports io.microservicekit.messaging.api.message;
    exports io.microservicekit.messaging.api.observe;
    exports io.microservicekit.messaging.api.spi;
    exports io.microservicekit.messaging.api.trace;
}
