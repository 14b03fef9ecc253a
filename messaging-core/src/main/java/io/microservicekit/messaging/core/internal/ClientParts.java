package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.core.internal.shared.Latest;
import io.microservicekit.messaging.core.internal.shared.Lifecycle;
import io.microservicekit.messaging.core.internal.trace.Tracing;
import java.time.Duration;

/**
 * What a client shares with its producers and consumers.
 *
 * @param control the loop on which futures of users complete
 * @param observer guarded: never throws
 * @param tracing that of the client; producers and consumers may have their own
 * @param lifecycle that of the client
 * @param connected whether a broker has answered; until then its abilities are not known
 * @param opened for whom the client exists
 * @param connectTimeout how long a backend may take for what it is asked to prepare
 */
record ClientParts(
        String clientId,
        ClientRuntime runtime,
        Loop control,
        Backend backend,
        MessagingObserver observer,
        Tracing tracing,
        System.Logger logger,
        Lifecycle lifecycle,
        Latest<Boolean> connected,
        Opened opened,
        Duration connectTimeout) {
    /** The refusal of something closed: by the client's code when that is why, since a new one could not be made from it. */
    ClosedException closed(ErrorCode own, String what) {
        return lifecycle.isRunning() || opened != Opened.CLIENT
                ? new ClosedException(own, what + " was not tried: it is closed. Make a new one.")
                : clientClosed(what);
    }

    ClosedException clientClosed(String what) {
        return new ClosedException(
                ErrorCode.CLIENT_CLOSED,
                what + " was not tried: client '" + clientId + "' is closed. Build a new client.");
    }
}
