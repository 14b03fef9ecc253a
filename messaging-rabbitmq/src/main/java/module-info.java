/** The RabbitMQ adapter: found by its provider; applications touch {@code RabbitMqOptions} only, and only when they need more than an address. */
module io.microservicekit.messaging.rabbitmq {
    requires io.microservicekit.messaging.api;
    requires com.rabbitmq.client;
    // An automatic module does not bring explicit ones along: without this a module path lacks the driver's logging.
    requires org.slf4j;
    requires static org.jspecify;

    exports io.microservicekit.messaging.rabbitmq;

    provides io.microservicekit.messaging.api.spi.BackendProvider with
            io.microservicekit.messaging.rabbitmq.internal.RabbitMqBackendProvider;
}
