package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;

/**
 * What a client shares with its producers and consumers.
 *
 * @param control the loop on which futures of users complete
 * @param observer guarded: never throws
 */
record ClientParts(
        String clientId,
        ClientRuntime runtime,
        Loop control,
        Backend backend,
        MessagingObserver observer,
        System.Logger logger) {
    /** As long as need be, yet small enough for arithmetic in nanoseconds. */
    static final Duration FOREVER = Duration.ofDays(36_500);
}
