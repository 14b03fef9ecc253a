package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.core.internal.shared.Latest;
import io.microservicekit.messaging.core.internal.shared.Lifecycle;
import io.microservicekit.messaging.core.internal.trace.Tracing;
import java.time.Duration;

/** Clients over an adapter of the test's, without a search for providers. */
final class OverAdapter {
    private OverAdapter() {}

    static CoreClient client(ClientRuntime runtime, Backend adapter, System.Logger logger) {
        return new CoreClient(new ClientParts(
                "c",
                runtime,
                runtime.loop("control"),
                adapter,
                new MessagingObserver() {},
                Tracing.of(null, runtime, logger),
                logger,
                new Lifecycle(),
                new Latest<>(true),
                Opened.CLIENT,
                Duration.ofSeconds(10)));
    }
}
