package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.Startup;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * What the client builder collected, unchecked.
 *
 * @param clientId null when only a configuration says it, or for a random one
 * @param connectTimeout null when only a configuration or the default says it
 * @param startup null when only a configuration or the default says it
 * @param runtime null for the default one
 * @param handlerThreads null for platform threads
 */
public record ClientSettings(
        BackendChoice backend,
        @Nullable String clientId,
        @Nullable Duration connectTimeout,
        @Nullable Startup startup,
        System.Logger logger,
        List<MessagingObserver> observers,
        InstrumentationSettings instrumentation,
        @Nullable ClientRuntime runtime,
        @Nullable ThreadFactory handlerThreads) {
    /** The logger is guarded from here on. */
    public ClientSettings {
        logger = GuardedLogger.of(logger);
    }
}
