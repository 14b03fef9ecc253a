package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.Capability;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.Startup;
import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.core.internal.engine.Answer;
import io.microservicekit.messaging.core.internal.runtime.SystemRuntime;
import io.microservicekit.messaging.core.internal.shared.Latest;
import io.microservicekit.messaging.core.internal.shared.Lifecycle;
import io.microservicekit.messaging.core.internal.trace.Tracing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Opens a client: finds the backend, opens it, sees that a broker answers; leaves nothing behind when that fails. */
public final class ClientOpening {
    /** What the backend gets beyond the connect timeout to say what it tried, and again to close when that failed: with the threads' end within a second. */
    private static final Duration GIVE_UP = Duration.ofMillis(400);

    /** How long a client tries to connect unless it is told. */
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final ClientSettings settings;

    /** An opening by the given settings. */
    public ClientOpening(ClientSettings settings) {
        this.settings = settings;
    }

    /**
     * Opens a client; waits at most for the connect timeout.
     *
     * @throws MessagingException INVALID_CONFIG, NO_BROKERS, UNSUPPORTED_TYPE, CAPABILITY_MISSING before any I/O; CREATE_CLIENT
     */
    public MessagingClient open() {
        return open(Opened.CLIENT);
    }

    /**
     * Opens a producer that closes its client.
     *
     * @throws MessagingException as {@link #open()}, but CREATE_PRODUCER
     */
    public MessageProducer openProducer(ProducerOptions options) {
        Objects.requireNonNull(options, "options");
        return only(open(Opened.PRODUCER), client -> client.producer(options));
    }

    /**
     * Opens a consumer that closes its client.
     *
     * @throws MessagingException as {@link #open()}, but CREATE_CONSUMER; EMPTY_GROUP_ID
     */
    public MessageConsumer openConsumer(String group, ConsumerOptions options) {
        Objects.requireNonNull(options, "options");
        Names.checkGroup(Opened.CONSUMER.attempt(), group);
        return only(open(Opened.CONSUMER), client -> client.consumer(group, options));
    }

    private static <T> T only(MessagingClient client, Function<MessagingClient, T> making) {
        try {
            return making.apply(client);
        } catch (RuntimeException | Error e) {
            client.shutdown(Duration.ZERO);
            throw e;
        }
    }

    private MessagingClient open(Opened what) {
        ClientPlan plan = new ClientPlanning(settings, Providers.find(settings.logger())).plan(what.attempt());
        ClientRuntime root = root();
        String clientId = clientId(root, plan);
        ClientRuntime runtime = root.scope(clientId);
        try {
            return new Attempt(what, plan, clientId, runtime).open();
        } catch (RuntimeException | Error e) {
            runtime.close();
            throw e;
        }
    }

    private ClientRuntime root() {
        ClientRuntime given = settings.runtime();
        return given == null ? new SystemRuntime(settings.handlerThreads(), settings.logger()) : given;
    }

    private static String clientId(ClientRuntime root, ClientPlan plan) {
        String given = plan.clientId();
        return given == null
                ? String.format("messaging-%08x", root.random("client id").nextInt())
                : given;
    }

    /** One opening on one runtime. */
    private final class Attempt {
        private final Opened what;
        private final ClientPlan plan;
        private final String clientId;
        private final ClientRuntime runtime;

        Attempt(Opened what, ClientPlan plan, String clientId, ClientRuntime runtime) {
            this.what = what;
            this.plan = plan;
            this.clientId = clientId;
            this.runtime = runtime;
        }

        MessagingClient open() {
            Instrumentations instrumentations = Instrumentations.of(settings.instrumentation(), settings.logger());
            Tracing tracing = Tracing.of(instrumentations.tracer(runtime), runtime, settings.logger());
            MessagingObserver observer = observer(instrumentations);
            Backend backend = plan.provider()
                    .open(
                            plan.options(),
                            new BackendContext(clientId, runtime, settings.logger(), observer, plan.connectTimeout()));
            boolean fast = plan.startup() == Startup.FAIL_FAST;
            try {
                checkSimulation(backend);
                if (fast) {
                    probe(backend);
                }
            } catch (RuntimeException | Error e) {
                giveUp(backend);
                throw e;
            }
            ClientParts parts = parts(backend, observer, tracing, fast);
            if (!fast) {
                new Connecting(parts).ask();
            }
            return new CoreClient(parts);
        }

        private MessagingObserver observer(Instrumentations instrumentations) {
            List<MessagingObserver> all = new ArrayList<>(settings.observers());
            all.addAll(instrumentations.observers());
            return Observers.of(all, settings.logger());
        }

        private ClientParts parts(Backend backend, MessagingObserver observer, Tracing tracing, boolean connected) {
            return new ClientParts(
                    clientId,
                    runtime,
                    runtime.loop("control"),
                    backend,
                    observer,
                    tracing,
                    settings.logger(),
                    new Lifecycle(),
                    new Latest<>(connected),
                    what,
                    plan.connectTimeout());
        }

        private void checkSimulation(Backend backend) {
            if (!runtime.hasIoThreads() && !backend.capabilities().contains(Capability.SIMULATED_TIME)) {
                throw new InvalidConfigurationException(
                        ErrorCode.CAPABILITY_MISSING,
                        "Opening backend '" + plan.provider().type()
                                + "' in simulated time failed: it needs driver threads."
                                + " Use the in-memory backend of messaging-testkit, or the default runtime.");
            }
        }

        private void probe(Backend backend) {
            try {
                runtime.await(backend.probe(), plan.connectTimeout().plus(GIVE_UP));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw unavailable("the thread was interrupted.", e);
            } catch (TimeoutException e) {
                String silent =
                        "No broker answered within " + plan.connectTimeout() + ". Check the addresses and the network.";
                throw unavailable(silent, new BackendUnavailableException(ErrorCode.NO_BROKERS_AVAILABLE, silent, e));
            } catch (ExecutionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                throw cause instanceof InvalidConfigurationException own
                        ? own
                        : unavailable(String.valueOf(cause.getMessage()), cause);
            }
        }

        private BackendUnavailableException unavailable(String why, Throwable cause) {
            return new BackendUnavailableException(
                    what.code(), what.attempt() + " of type '" + plan.provider().type() + "' failed: " + why, cause);
        }

        private void giveUp(Backend backend) {
            try {
                runtime.await(Answer.of(() -> backend.close(GIVE_UP)), GIVE_UP);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                return;
            }
        }
    }
}
