package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.core.internal.engine.Answer;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Asks the brokers of a client that did not wait for them, until one answers or the client closes. On the control loop. */
final class Connecting {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ClientParts parts;
    private @Nullable ErrorCode told;

    Connecting(ClientParts parts) {
        this.parts = parts;
    }

    void ask() {
        if (parts.lifecycle().isRunning()) {
            CompletableFuture<?> unused = Answer.of(parts.backend()::probe)
                    .whenComplete((answer, error) -> parts.control().execute(() -> answered(error)));
        }
    }

    private void answered(@Nullable Throwable error) {
        if (error == null) {
            parts.connected().set(true);
            parts.logger().log(Level.INFO, "Client '" + parts.clientId() + "' is connected");
            return;
        }
        ErrorCode code = error instanceof MessagingException own ? own.code() : ErrorCode.NO_BROKERS_AVAILABLE;
        if (code != told) {
            told = code;
            parts.logger()
                    .log(
                            Level.WARNING,
                            "Client '" + parts.clientId() + "' is not connected and goes on trying: "
                                    + error.getMessage());
        }
        Loop.Timer unused = parts.control().housekeeping(PAUSE, this::ask);
    }
}
