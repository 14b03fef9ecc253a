package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendProvider;
import io.microservicekit.messaging.api.spi.Settings;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.KafkaOptionsBuilder;
import java.util.Set;
import java.util.function.Supplier;

/** The door of the Kafka adapter; public for the service loader only. */
public final class KafkaBackendProvider implements BackendProvider {
    private final Supplier<ClientVersion> driver;

    /** Does nothing. */
    public KafkaBackendProvider() {
        this(ClientVersion::present);
    }

    KafkaBackendProvider(Supplier<ClientVersion> driver) {
        this.driver = driver;
    }

    @Override
    public String type() {
        return "kafka";
    }

    @Override
    public Class<? extends BackendOptions> optionsType() {
        return KafkaOptions.class;
    }

    @Override
    public Set<String> keys() {
        return KafkaKeys.all();
    }

    @Override
    public BackendOptions options(Settings settings) {
        KafkaOptionsBuilder options = KafkaOptions.builder().brokers(settings.brokers());
        if (settings.url() != null) {
            settings.violation("'url' is not for type 'kafka', set 'brokers' to host:port");
        }
        KafkaKeys.read(settings, options);
        return options.build();
    }

    @Override
    public Backend open(BackendOptions options, BackendContext context) {
        driver.get().check();
        SecuritySettings.warnOfClearText((KafkaOptions) options, context.logger());
        return new KafkaBackend((KafkaOptions) options, context, new KafkaClients.Real());
    }
}
