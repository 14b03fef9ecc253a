package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import java.time.Duration;

/** What is consumed and for whom. */
record Session(
        ConsumerSpec spec, BackendListener listener, BackendContext context, Duration revokeDrain, TopicSource topics) {
    long now() {
        return context.runtime().nanoTime();
    }

    String group() {
        return spec.group();
    }
}
