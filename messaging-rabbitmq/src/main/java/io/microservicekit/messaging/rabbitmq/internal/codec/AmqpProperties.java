package io.microservicekit.messaging.rabbitmq.internal.codec;

/** The names under which properties of AMQP that have no place in a message are headers of it. */
final class AmqpProperties {
    static final String CONTENT_TYPE = "amqp-content-type";
    static final String CONTENT_ENCODING = "amqp-content-encoding";
    static final String CORRELATION_ID = "amqp-correlation-id";
    static final String REPLY_TO = "amqp-reply-to";
    static final String TYPE = "amqp-type";
    static final String APP_ID = "amqp-app-id";
    static final String PRIORITY = "amqp-priority";
    /** Read only: written again it would let a dead letter expire. */
    static final String EXPIRATION = "amqp-expiration";
    /** Read only: the broker refuses one that is not our own. */
    static final String USER_ID = "amqp-user-id";

    private AmqpProperties() {}
}
