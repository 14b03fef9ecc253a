package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.Capability;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendProvider;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Settings;
import io.microservicekit.messaging.core.internal.runtime.SystemRuntime;
import io.microservicekit.messaging.core.internal.shared.Lifecycle;
import io.microservicekit.messaging.core.internal.trace.Tracing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Opens a client: finds the backend, opens it, sees that a broker answers; leaves nothing behind when that fails. */
public final class ClientOpening {
    /** What the backend gets beyond the connect timeout to say what it tried, and to close when that failed. */
    private static final Duration GIVE_UP = Duration.ofSeconds(1);

    private final ClientSettings settings;

    /** An opening by the given settings. */
    public ClientOpening(ClientSettings settings) {
        this.settings = settings;
    }

    /**
     * Opens the client; waits at most for the connect timeout.
     *
     * @throws MessagingException INVALID_CONFIG, NO_BROKERS, UNSUPPORTED_TYPE, CAPABILITY_MISSING before any I/O; CREATE_CLIENT
     */
    public MessagingClient open() {
        Providers providers = Providers.find(settings.logger());
        BackendOptions given = settings.options();
        BackendProvider provider = given == null ? providers.ofType(settings.type()) : providers.forOptions(given);
        BackendOptions options = given == null ? provider.options(new Settings(settings.brokers())) : given;
        ClientRuntime root = root();
        String clientId = clientId(root);
        ClientRuntime runtime = root.scope(clientId);
        try {
            return open(provider, options, clientId, runtime);
        } catch (RuntimeException e) {
            runtime.close();
            throw e;
        }
    }

    private ClientRuntime root() {
        ClientRuntime given = settings.runtime();
        return given == null ? new SystemRuntime(settings.handlerThreads(), settings.logger()) : given;
    }

    private String clientId(ClientRuntime root) {
        String given = settings.clientId();
        return given == null
                ? String.format("messaging-%08x", root.random("client id").nextInt())
                : given;
    }

    private MessagingClient open(
            BackendProvider provider, BackendOptions options, String clientId, ClientRuntime runtime) {
        Instrumentations instrumentations = Instrumentations.of(settings.instrumentation(), settings.logger());
        Tracing tracing = Tracing.of(instrumentations.tracer(runtime), runtime, settings.logger());
        MessagingObserver observer = observer(instrumentations);
        BackendContext context =
                new BackendContext(clientId, runtime, settings.logger(), observer, settings.connectTimeout());
        Backend backend = provider.open(options, context);
        try {
            checkSimulation(provider, backend, runtime);
            probe(provider, backend, runtime);
        } catch (RuntimeException e) {
            giveUp(backend, runtime);
            throw e;
        }
        return new CoreClient(new ClientParts(
                clientId,
                runtime,
                runtime.loop("control"),
                backend,
                observer,
                tracing,
                settings.logger(),
                new Lifecycle()));
    }

    private MessagingObserver observer(Instrumentations instrumentations) {
        List<MessagingObserver> all = new ArrayList<>(settings.observers());
        all.addAll(instrumentations.observers());
        return Observers.of(all, settings.logger());
    }

    private static void checkSimulation(BackendProvider provider, Backend backend, ClientRuntime runtime) {
        if (!runtime.hasIoThreads() && !backend.capabilities().contains(Capability.SIMULATED_TIME)) {
            throw new InvalidConfigurationException(
                    ErrorCode.CAPABILITY_MISSING,
                    "Opening backend '" + provider.type() + "' in simulated time failed: it needs driver threads."
                            + " Use the in-memory backend of messaging-testkit, or the default runtime.");
        }
    }

    private void probe(BackendProvider provider, Backend backend, ClientRuntime runtime) {
        String what = "Creating a client of type '" + provider.type() + "'";
        try {
            runtime.await(backend.probe(), settings.connectTimeout().plus(GIVE_UP));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackendUnavailableException(
                    ErrorCode.CREATE_CLIENT, what + " failed: the thread was interrupted.", e);
        } catch (TimeoutException e) {
            throw unavailable(
                    what,
                    new BackendUnavailableException(
                            ErrorCode.NO_BROKERS_AVAILABLE,
                            "No broker answered within " + settings.connectTimeout()
                                    + ". Check the addresses and the network.",
                            e));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof InvalidConfigurationException own
                    ? own
                    : unavailable(what, e.getCause() == null ? e : e.getCause());
        }
    }

    private static BackendUnavailableException unavailable(String what, Throwable cause) {
        return new BackendUnavailableException(ErrorCode.CREATE_CLIENT, what + " failed: " + cause.getMessage(), cause);
    }

    private static void giveUp(Backend backend, ClientRuntime runtime) {
        try {
            runtime.await(backend.close(GIVE_UP), GIVE_UP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            return;
        }
    }
}
