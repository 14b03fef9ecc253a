package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.spi.BackendProvider;
import java.util.List;

/** The backends that are present. */
final class Providers {
    private final List<BackendProvider> found;

    private Providers(List<BackendProvider> found) {
        this.found = found;
    }

    static Providers find(System.Logger logger) {
        return new Providers(Services.find(BackendProvider.class, "backend", logger));
    }

    static Providers of(List<BackendProvider> providers) {
        return new Providers(providers);
    }

    BackendProvider ofType(String type) {
        List<BackendProvider> matches =
                found.stream().filter(provider -> provider.type().equals(type)).toList();
        if (matches.size() > 1) {
            throw new InvalidConfigurationException(
                    ErrorCode.INVALID_CONFIG,
                    "Choosing the backend of type '" + type + "' failed: "
                            + matches.get(0).getClass().getName() + " and "
                            + matches.get(1).getClass().getName() + " both claim it. Remove one of their jars.");
        }
        if (matches.isEmpty()) {
            throw unsupported(type);
        }
        return matches.get(0);
    }

    private InvalidConfigurationException unsupported(String type) {
        List<String> types = found.stream().map(BackendProvider::type).sorted().toList();
        return new InvalidConfigurationException(
                ErrorCode.UNSUPPORTED_TYPE,
                "Choosing the backend of type '" + type + "' failed: found are " + types
                        + ". Add the artifact io.microservicekit:messaging-" + type + ", or correct the type.");
    }

    BackendProvider forOptions(BackendOptions options) {
        BackendProvider provider = ofType(options.backendType());
        if (!provider.optionsType().isInstance(options)) {
            throw new InvalidConfigurationException(
                    ErrorCode.INVALID_CONFIG,
                    "Opening backend '" + provider.type() + "' failed: it takes "
                            + provider.optionsType().getName() + ", but was given "
                            + options.getClass().getName() + ".");
        }
        return provider;
    }
}
