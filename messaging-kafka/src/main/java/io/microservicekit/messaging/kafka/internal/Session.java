package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.kafka.KafkaOptions;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** What is consumed and for whom. */
record Session(ConsumerSpec spec, BackendListener listener, BackendContext context, Limits limits, TopicSource topics) {
    /** How long handlers may take when partitions go, the driver between two polls, and the answer to a request. */
    record Limits(Duration revokeDrain, Duration maxPollInterval, Duration request) {
        /** The driver's default. */
        private static final Duration MAX_POLL_INTERVAL = Duration.ofMinutes(5);

        static Limits of(KafkaOptions options) {
            return new Limits(
                    options.revokeDrain(),
                    set(options, ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, MAX_POLL_INTERVAL),
                    set(options, ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, ClientSettings.REQUEST_TIMEOUT));
        }

        /** Twice what a request may take: whatever the driver does, an answer that is later does not come. */
        Duration lost() {
            return request.multipliedBy(2);
        }

        private static Duration set(KafkaOptions options, String property, Duration otherwise) {
            String set = options.properties().get(property);
            return set == null ? otherwise : Duration.ofMillis(Long.parseLong(set.strip()));
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
