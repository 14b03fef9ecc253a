package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ErrorCode;
import java.util.List;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** The driver takes names that cannot be resolved for a mistake in its settings; they may be known in a moment. */
final class Unresolvable {
    private static final int DEEPEST = 10;

    private Unresolvable() {}

    /** The addresses were checked before: nothing else than their names can be wrong with them. */
    static boolean is(Throwable error) {
        Throwable cause = error;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof ConfigException && namesBrokers(cause.getMessage())) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean namesBrokers(@Nullable String message) {
        return message != null
                && message.contains(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)
                && (message.startsWith("No resolvable") || message.startsWith("Unknown host"));
    }

    static BackendUnavailableException names(String what, List<String> brokers, Throwable cause) {
        return new BackendUnavailableException(
                ErrorCode.NO_BROKERS_AVAILABLE,
                "Creating " + what + " failed: none of the names of the brokers " + brokers
                        + " can be resolved. Check them, and the name service of this machine.",
                cause);
    }
}
