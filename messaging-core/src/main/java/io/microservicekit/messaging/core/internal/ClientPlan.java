package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.Startup;
import io.microservicekit.messaging.api.spi.BackendProvider;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is opened, all of it checked.
 *
 * @param clientId null for a random one
 */
record ClientPlan(
        BackendProvider provider,
        BackendOptions options,
        @Nullable String clientId,
        Duration connectTimeout,
        Startup startup) {}
