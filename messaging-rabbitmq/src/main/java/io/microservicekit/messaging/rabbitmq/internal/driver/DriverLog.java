package io.microservicekit.messaging.rabbitmq.internal.driver;

import com.rabbitmq.client.impl.StrictExceptionHandler;

/** What the driver has to say goes to the client's logger; a consumer that throws loses its channel, so that nothing is held for ever. */
final class DriverLog extends StrictExceptionHandler {
    private final System.Logger logger;
    private final String connection;

    DriverLog(System.Logger logger, String connection) {
        this.logger = logger;
        this.connection = connection;
    }

    /** Of a connection that is lost everyone is told: the log has it for those who look closer. */
    @Override
    protected void log(String message, Throwable error) {
        logger.log(System.Logger.Level.DEBUG, "RabbitMQ connection " + connection + ": " + message, error);
    }
}
