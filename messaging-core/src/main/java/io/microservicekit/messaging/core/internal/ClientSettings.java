package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * What the client builder collected, checked.
 *
 * @param options typed options, or null when the backend is chosen by {@code type} and {@code brokers}
 * @param clientId null for a random one
 * @param runtime null for the default one
 * @param handlerThreads null for platform threads
 */
public record ClientSettings(
        @Nullable BackendOptions options,
        String type,
        List<String> brokers,
        @Nullable String clientId,
        Duration connectTimeout,
        System.Logger logger,
        List<MessagingObserver> observers,
        InstrumentationSettings instrumentation,
        @Nullable ClientRuntime runtime,
        @Nullable ThreadFactory handlerThreads) {}
