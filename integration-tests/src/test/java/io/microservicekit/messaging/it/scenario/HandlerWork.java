package io.microservicekit.messaging.it.scenario;

import io.microservicekit.messaging.api.MessageHandler;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** What handlers of tests do. */
public final class HandlerWork {
    private HandlerWork() {}

    /** Takes a little time, so that a fault hits in the middle. */
    public static MessageHandler taking(Duration time) {
        return message -> LockSupport.parkNanos(time.toNanos());
    }
}
