package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendProvider;
import io.microservicekit.messaging.api.spi.Settings;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptionsBuilder;
import java.util.Set;

/** The door of the RabbitMQ adapter; public for the service loader only. */
public final class RabbitMqBackendProvider implements BackendProvider {
    /** Does nothing. */
    public RabbitMqBackendProvider() {}

    @Override
    public String type() {
        return "rabbitmq";
    }

    @Override
    public Class<? extends BackendOptions> optionsType() {
        return RabbitMqOptions.class;
    }

    @Override
    public Set<String> keys() {
        return RabbitMqKeys.all();
    }

    @Override
    public BackendOptions options(Settings settings) {
        RabbitMqOptionsBuilder options = RabbitMqOptions.builder().brokers(settings.brokers());
        String url = settings.url();
        if (url != null) {
            options.url(url);
        }
        RabbitMqKeys.read(settings, options);
        return options.build();
    }

    @Override
    public Backend open(BackendOptions options, BackendContext context) {
        throw new InvalidConfigurationException(
                ErrorCode.UNSUPPORTED_TYPE, "Opening RabbitMQ failed: the adapter is not finished.");
    }
}
