package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.kafka.KafkaOptions;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** What is consumed and for whom. */
record Session(ConsumerSpec spec, BackendListener listener, BackendContext context, Limits limits, TopicSource topics) {
    /** How long handlers may take when partitions go, and how long the driver may take between two polls. */
    record Limits(Duration revokeDrain, Duration maxPollInterval) {
        /** The driver's default. */
        private static final Duration MAX_POLL_INTERVAL = Duration.ofMinutes(5);

        static Limits of(KafkaOptions options) {
            String set = options.properties().get(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG);
            return new Limits(
                    options.revokeDrain(),
                    set == null ? MAX_POLL_INTERVAL : Duration.ofMillis(Long.parseLong(set.strip())));
        }
    }

    Duration revokeDrain() {
        return limits.revokeDrain();
    }

    Duration maxPollInterval() {
        return limits.maxPollInterval();
    }

    long now() {
        return context.runtime().nanoTime();
    }

    String group() {
        return spec.group();
    }
}
