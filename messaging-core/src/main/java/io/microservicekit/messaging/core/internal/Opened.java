package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.message.ErrorCode;

/** What a builder is asked to open: a client, or one producer or consumer with a client of its own that nobody sees. */
enum Opened {
    CLIENT("Building a client", ErrorCode.CREATE_CLIENT),
    PRODUCER("Opening a producer", ErrorCode.CREATE_PRODUCER),
    CONSUMER("Opening a consumer", ErrorCode.CREATE_CONSUMER);

    private final String attempt;
    private final ErrorCode code;

    Opened(String attempt, ErrorCode code) {
        this.attempt = attempt;
        this.code = code;
    }

    String attempt() {
        return attempt;
    }

    /** The code when brokers do not answer. */
    ErrorCode code() {
        return code;
    }
}
