package io.microservicekit.messaging.testkit.junit.internal;

import java.time.Duration;
import java.util.ServiceLoader;

/** Starts a node from an image. Who does so is looked up as a service: this library has no dependency on a client of Docker. */
public interface RabbitMqContainers {
    /** Starts a node and returns when it begins connections. */
    RabbitMqNode start(String image, RabbitMqSettings settings, Duration startTimeout);

    /** The one of the class path. */
    static RabbitMqContainers onClassPath(String image) {
        return ServiceLoader.load(RabbitMqContainers.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("starting RabbitMQ from the image '" + image
                        + "' failed: nothing on the class path starts containers, only the tests of this library have"
                        + " something that does; start a container yourself, give its URL as -D"
                        + RabbitMqLookup.URL_PROPERTY + " or " + RabbitMqLookup.URL_VARIABLE + ", and remove "
                        + RabbitMqLookup.IMAGE_VARIABLE));
    }
}
