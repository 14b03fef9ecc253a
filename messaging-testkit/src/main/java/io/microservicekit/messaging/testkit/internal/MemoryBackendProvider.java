package io.microservicekit.messaging.testkit.internal;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendProvider;
import io.microservicekit.messaging.api.spi.Settings;
import io.microservicekit.messaging.testkit.MemoryBroker;
import io.microservicekit.messaging.testkit.MemoryBrokerBuilder;
import io.microservicekit.messaging.testkit.MemoryOptions;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

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

    @Override
    public Set<String> keys() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(Arrays.asList(
                "queue_flavour", "partitions", "prefetch", "max_held", "consumer_timeout", "revoke_drain")));
    }

    /** A broker of its own for each call; addresses mean nothing to it. */
    @Override
    public BackendOptions options(Settings settings) {
        MemoryBrokerBuilder broker = MemoryBroker.builder();
        settings.flag("queue_flavour", queues -> {
            if (queues) {
                broker.queueFlavour();
            }
        });
        settings.number("partitions", broker::partitions);
        settings.number("prefetch", broker::prefetch);
        settings.number("max_held", broker::maxHeld);
        settings.duration("consumer_timeout", broker::consumerTimeout);
        settings.duration("revoke_drain", broker::revokeDrain);
        return broker.build().options();
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
