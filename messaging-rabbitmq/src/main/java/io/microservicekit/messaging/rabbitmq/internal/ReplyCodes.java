package io.microservicekit.messaging.rabbitmq.internal;

/** The broker's reply codes that we tell apart. */
final class ReplyCodes {
    static final int CONTENT_TOO_LARGE = 311;
    static final int CONNECTION_FORCED = 320;
    static final int ACCESS_REFUSED = 403;
    static final int NOT_FOUND = 404;
    static final int PRECONDITION_FAILED = 406;
    static final int RESOURCE_ERROR = 506;
    static final int NOT_ALLOWED = 530;
    static final int INTERNAL_ERROR = 541;

    private ReplyCodes() {}
}
