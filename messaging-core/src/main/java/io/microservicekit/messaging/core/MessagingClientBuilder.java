package io.microservicekit.messaging.core;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.Instrumentation;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.trace.MessageTracer;
import io.microservicekit.messaging.core.internal.ClientOpening;
import io.microservicekit.messaging.core.internal.ClientSettings;
import io.microservicekit.messaging.core.internal.InstrumentationSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Collects what a client needs, and opens it. Not thread-safe. */
public final class MessagingClientBuilder {
    private static final Duration LONGEST_CONNECT = Duration.ofHours(1);

    private final List<String> brokers = new ArrayList<>();
    private final List<MessagingObserver> observers = new ArrayList<>();
    private @Nullable String type;
    private @Nullable BackendOptions backend;
    private @Nullable String clientId;
    private Duration connectTimeout = Duration.ofSeconds(10);
    private System.Logger logger = System.getLogger("io.microservicekit.messaging");
    private @Nullable ClientRuntime runtime;
    private @Nullable ThreadFactory handlerThreads;
    private final List<Instrumentation> instrumentations = new ArrayList<>();
    private @Nullable MessageTracer tracer;
    private boolean tracing;
    private boolean meters;

    MessagingClientBuilder() {}

    /**
     * Sets the broker addresses for a backend chosen by {@link #type}; contradicts {@link #backend}.
     *
     * @param brokers addresses as the backend writes them, {@code host:port} for Kafka
     * @return this builder
     */
    public MessagingClientBuilder brokers(String... brokers) {
        this.brokers.clear();
        for (String broker : brokers) {
            this.brokers.add(Objects.requireNonNull(broker, "broker"));
        }
        return this;
    }

    /**
     * Chooses the backend by name, with its default options; contradicts {@link #backend}.
     *
     * @param type the type, default {@code kafka}
     * @return this builder
     */
    public MessagingClientBuilder type(String type) {
        this.type = Objects.requireNonNull(type, "type");
        return this;
    }

    /**
     * Chooses the backend by its options; contradicts {@link #type} and {@link #brokers}.
     *
     * @param backend the options of one backend
     * @return this builder
     */
    public MessagingClientBuilder backend(BackendOptions backend) {
        this.backend = Objects.requireNonNull(backend, "backend");
        return this;
    }

    /**
     * Names the client; the name is seen at the broker and in thread names.
     *
     * @param clientId 1 to 200 characters of letters, digits, dot, underscore and hyphen; default {@code messaging-} and 8 random hex digits
     * @return this builder
     */
    public MessagingClientBuilder clientId(String clientId) {
        this.clientId = Objects.requireNonNull(clientId, "clientId");
        return this;
    }

    /**
     * Sets how long {@link #build()} waits for a broker to answer.
     *
     * @param connectTimeout from 1 ms to 1 hour, default 10 s
     * @return this builder
     */
    public MessagingClientBuilder connectTimeout(Duration connectTimeout) {
        this.connectTimeout = Objects.requireNonNull(connectTimeout, "connectTimeout");
        return this;
    }

    /**
     * Sets where the client logs.
     *
     * @param logger default {@code System.getLogger("io.microservicekit.messaging")}
     * @return this builder
     */
    public MessagingClientBuilder logger(System.Logger logger) {
        this.logger = Objects.requireNonNull(logger, "logger");
        return this;
    }

    /**
     * Counts what happens; the same as {@link #observer}.
     *
     * @param metrics the metrics, which several clients may share
     * @return this builder
     */
    public MessagingClientBuilder metrics(MessagingMetrics metrics) {
        return observer(metrics);
    }

    /**
     * Adds an observer; may be called repeatedly.
     *
     * @param observer told of everything, see {@link MessagingObserver} for the threads
     * @return this builder
     */
    public MessagingClientBuilder observer(MessagingObserver observer) {
        observers.add(Objects.requireNonNull(observer, "observer"));
        return this;
    }

    /**
     * Traces messages: by the only provider of a tracer that is present ({@link io.microservicekit.messaging.api.spi.InstrumentationProvider}), or by a
     * {@link SimpleTracer} when there is none. What is given by {@link #tracer} or {@link #instrumentation} wins.
     *
     * @return this builder
     */
    public MessagingClientBuilder tracing() {
        this.tracing = true;
        return this;
    }

    /**
     * Traces messages by a tracer; options of producers and consumers may name another.
     *
     * @param tracer see {@link MessageTracer} for the threads; default none: nothing is traced
     * @return this builder
     */
    public MessagingClientBuilder tracer(MessageTracer tracer) {
        this.tracer = Objects.requireNonNull(tracer, "tracer");
        return this;
    }

    /**
     * Adds an instrumentation: its tracer, unless {@link #tracer} was called, and its observer; may be called repeatedly.
     *
     * @param instrumentation the instrumentation; only one of all may have a tracer unless {@link #tracer} was called
     * @return this builder
     */
    public MessagingClientBuilder instrumentation(Instrumentation instrumentation) {
        instrumentations.add(Objects.requireNonNull(instrumentation, "instrumentation"));
        return this;
    }

    /**
     * Adds the observers of all providers that are present ({@link io.microservicekit.messaging.api.spi.InstrumentationProvider}), but for those of which
     * {@link #instrumentation} was given one.
     *
     * @return this builder
     */
    public MessagingClientBuilder meters() {
        this.meters = true;
        return this;
    }

    /**
     * Sets the source of time, threads and randomness: {@code SimulatedRuntime} of messaging-testkit makes tests run in virtual time.
     *
     * @param runtime default real threads and the system clock
     * @return this builder
     */
    public MessagingClientBuilder runtime(ClientRuntime runtime) {
        this.runtime = Objects.requireNonNull(runtime, "runtime");
        return this;
    }

    /**
     * Sets who makes the threads that call handlers: {@code Thread.ofVirtual().factory()} for virtual threads. Contradicts {@link #runtime}.
     *
     * @param handlerThreads default platform threads
     * @return this builder
     */
    public MessagingClientBuilder handlerThreads(ThreadFactory handlerThreads) {
        this.handlerThreads = Objects.requireNonNull(handlerThreads, "handlerThreads");
        return this;
    }

    /**
     * Opens the client: checks all settings, then waits until a broker answers.
     *
     * @return an open client
     * @throws InvalidConfigurationException INVALID_CONFIG naming all violations, or two tracers of which one has to be chosen, NO_BROKERS, UNSUPPORTED_TYPE, CAPABILITY_MISSING; before any I/O
     * @throws io.microservicekit.messaging.api.message.BackendUnavailableException CREATE_CLIENT caused by NO_BROKERS_AVAILABLE when no broker
     *     answers within the connect timeout, or by AUTHENTICATION
     */
    public MessagingClient build() {
        List<String> violations = violations();
        if (!violations.isEmpty()) {
            throw new InvalidConfigurationException(
                    ErrorCode.INVALID_CONFIG, "Building a client failed: " + String.join("; ", violations) + ".");
        }
        return new ClientOpening(new ClientSettings(
                        backend,
                        type == null ? "kafka" : type,
                        List.copyOf(brokers),
                        clientId,
                        connectTimeout,
                        logger,
                        List.copyOf(observers),
                        new InstrumentationSettings(
                                tracing, meters, tracer, List.copyOf(instrumentations), SimpleTracer::new),
                        runtime,
                        handlerThreads))
                .open();
    }

    private List<String> violations() {
        List<String> violations = new ArrayList<>();
        if (backend != null && type != null) {
            violations.add(
                    "type('" + type + "') contradicts backend(" + backend.backendType() + " options), set one of them");
        }
        if (backend != null && !brokers.isEmpty()) {
            violations.add(
                    "brokers contradict backend(" + backend.backendType() + " options), set them in those options");
        }
        if (runtime != null && handlerThreads != null) {
            violations.add("handlerThreads contradicts runtime, which makes its own threads");
        }
        if (clientId != null && !clientId.matches("[a-zA-Z0-9._-]{1,200}")) {
            violations.add("clientId must be 1 to 200 characters of letters, digits, '.', '_' and '-'");
        }
        if (connectTimeout.compareTo(Duration.ofMillis(1)) < 0 || connectTimeout.compareTo(LONGEST_CONNECT) > 0) {
            violations.add("connectTimeout is " + connectTimeout + ", must be from PT0.001S to " + LONGEST_CONNECT);
        }
        return violations;
    }
}
