package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.BackendOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the builder was told which backend to open.
 *
 * @param options typed options, which leave nothing to the others; null for none
 * @param type null when only a configuration or the default says it
 * @param brokers null when only a configuration says them
 * @param url null when only a configuration says it
 * @param configurations in the order of the calls
 */
public record BackendChoice(
        @Nullable BackendOptions options,
        @Nullable String type,
        @Nullable List<String> brokers,
        @Nullable String url,
        List<ConfigSource> configurations) {}
