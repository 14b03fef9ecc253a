package io.microservicekit.messaging.api.spi;

import io.microservicekit.messaging.api.observe.MessagingObserver;
import java.time.Duration;
import java.util.Objects;

/**
 * What a client gives to the backend it opens. Immutable.
 *
 * @param clientId the client's id; the backend makes it visible at the broker and names its threads after it
 * @param runtime the only source of time, threads, randomness and waiting; closed by the client, not by the backend
 * @param logger where to log
 * @param observer where to report rare events such as a position reset; guarded, never throws
 * @param connectTimeout how long one attempt to connect may take
 */
public record BackendContext(
        String clientId,
        ClientRuntime runtime,
        System.Logger logger,
        MessagingObserver observer,
        Duration connectTimeout) {
    /**
     * Checks that nothing is missing.
     *
     * @param clientId see the component
     * @param runtime see the component
     * @param logger see the component
     * @param observer see the component
     * @param connectTimeout see the component
     */
    public BackendContext {
        Objects.requireNonNull(clientId, "clientId");
        Objects.requireNonNull(runtime, "runtime");
        Objects.requireNonNull(logger, "logger");
        Objects.requireNonNull(observer, "observer");
        Objects.requireNonNull(connectTimeout, "connectTimeout");
    }
}
