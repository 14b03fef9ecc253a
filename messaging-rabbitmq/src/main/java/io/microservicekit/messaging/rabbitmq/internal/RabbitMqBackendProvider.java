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
import io.microservicekit.messaging.rabbitmq.RabbitMqTls;
import io.microservicekit.messaging.rabbitmq.internal.driver.DriverSettings;
import io.microservicekit.messaging.rabbitmq.internal.tls.TlsContext;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** The door of the RabbitMQ adapter; public for the service loader only. */
public final class RabbitMqBackendProvider implements BackendProvider {
    private final Supplier<DriverVersion> driver;

    /** Does nothing. */
    public RabbitMqBackendProvider() {
        this(DriverVersion::present);
    }

    RabbitMqBackendProvider(Supplier<DriverVersion> driver) {
        this.driver = driver;
    }

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
        driver.get().check();
        RabbitMqOptions rabbit = (RabbitMqOptions) options;
        RabbitMqTls tls = rabbit.tls();
        try {
            SSLContext encryption = tls == null ? null : TlsContext.of(tls);
            return new RabbitMqBackend(
                    rabbit, context, DriverSettings.of(rabbit, encryption, context.connectTimeout()));
        } catch (GeneralSecurityException e) {
            throw new InvalidConfigurationException(
                    ErrorCode.INVALID_CONFIG,
                    "Opening the RabbitMQ backend failed: " + e.getMessage() + ". Check the files that tls(..) names.",
                    e);
        }
    }
}
