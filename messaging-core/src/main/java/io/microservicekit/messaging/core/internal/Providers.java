package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.BackendProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

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

    /** The keys of a configuration, for all backends that are present. */
    ConfigKeys keys() {
        Map<String, Set<String>> byType = new TreeMap<>();
        found.forEach(provider -> byType.putIfAbsent(provider.type(), provider.keys()));
        return new ConfigKeys(byType);
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
        String shown = Shown.text(type);
        List<String> types = found.stream().map(BackendProvider::type).sorted().toList();
        return new InvalidConfigurationException(
                ErrorCode.UNSUPPORTED_TYPE,
                "Choosing the backend of type '" + shown + "' failed: found are " + types
                        + ". Add the artifact io.microservicekit:messaging-" + shown + ", or correct the type.");
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
