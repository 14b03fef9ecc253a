package io.microservicekit.messaging.testkit.internal;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendProvider;
import io.microservicekit.messaging.api.spi.Settings;
import io.microservicekit.messaging.testkit.MemoryBroker;
import io.microservicekit.messaging.testkit.MemoryOptions;

/** The backend type {@code memory}. */
public final class MemoryBackendProvider implements BackendProvider {
    /** For the {@link java.util.ServiceLoader}; does nothing. */
    public MemoryBackendProvider() {}

    @Override
    public String type() {
        return MemoryOptions.TYPE;
    }

    @Override
    public Class<MemoryOptions> optionsType() {
        return MemoryOptions.class;
    }

    /** A broker of its own for each call; broker addresses mean nothing to it. */
    @Override
    public BackendOptions options(Settings settings) {
        return MemoryBroker.create().options();
    }

    @Override
    public Backend open(BackendOptions options, BackendContext context) {
        if (options instanceof MemoryOptions own) {
            return own.broker().open(context);
        }
        throw new InvalidConfigurationException(
                ErrorCode.INVALID_CONFIG,
                "Opening backend 'memory' failed: its options are a "
                        + options.getClass().getName() + ", must be those of MemoryBroker.options().");
    }
}
