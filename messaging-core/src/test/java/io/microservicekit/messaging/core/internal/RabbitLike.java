package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendProvider;
import io.microservicekit.messaging.api.spi.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the seed's keys of RabbitMQ as its adapter will, with its defaults. */
final class RabbitLike implements BackendProvider {
    /** What it read. */
    static final class Read implements BackendOptions {
        List<String> brokers = List.of();

        @Nullable String url;

        String exchange = "amq.topic";
        String exchangeType = "direct";
        boolean durable = true;
        boolean autoAck;
        int prefetchCount = 10;
        boolean confirm = true;
        Duration heartbeat = Duration.ofSeconds(10);

        @Override
        public String backendType() {
            return "rabbitmq";
        }
    }

    @Override
    public String type() {
        return "rabbitmq";
    }

    @Override
    public Class<? extends BackendOptions> optionsType() {
        return Read.class;
    }

    @Override
    public Set<String> keys() {
        return Set.of("exchange", "exchange_type", "durable", "auto_ack", "prefetch_count", "confirm", "heart.beat");
    }

    @Override
    public BackendOptions options(Settings settings) {
        Read read = new Read();
        read.brokers = settings.brokers();
        read.url = settings.url();
        settings.text("exchange", value -> read.exchange = value);
        settings.text("exchange_type", value -> read.exchangeType = value);
        settings.flag("durable", value -> read.durable = value);
        settings.flag("auto_ack", value -> read.autoAck = value);
        settings.number("prefetch_count", value -> read.prefetchCount = value);
        settings.flag("confirm", value -> read.confirm = value);
        settings.duration("heart.beat", value -> read.heartbeat = value);
        if (read.url == null && read.brokers.isEmpty()) {
            throw new InvalidConfigurationException(ErrorCode.NO_BROKERS, "no address was given.");
        }
        return read;
    }

    @Override
    public Backend open(BackendOptions options, BackendContext context) {
        throw new UnsupportedOperationException("never opened here");
    }
}
