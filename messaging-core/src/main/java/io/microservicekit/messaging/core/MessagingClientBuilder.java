package io.microservicekit.messaging.core;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.Instrumentation;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.Startup;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.trace.MessageTracer;
import io.microservicekit.messaging.core.internal.BackendChoice;
import io.microservicekit.messaging.core.internal.ClientOpening;
import io.microservicekit.messaging.core.internal.ClientSettings;
import io.microservicekit.messaging.core.internal.ConfigSource;
import io.microservicekit.messaging.core.internal.InstrumentationSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Collects what a client needs, and opens it. Not thread-safe. */
public final class MessagingClientBuilder {
    private final List<ConfigSource> configurations = new ArrayList<>();
    private final List<MessagingObserver> observers = new ArrayList<>();
    private @Nullable List<String> brokers;
    private @Nullable String url;
    private @Nullable String type;
    private @Nullable BackendOptions backend;
    private @Nullable String clientId;
    private @Nullable Duration connectTimeout;
    private @Nullable Startup startup;
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
        return brokers(Arrays.asList(Objects.requireNonNull(brokers, "brokers")));
    }

    /**
     * Sets the broker addresses for a backend chosen by {@link #type}; contradicts {@link #backend}.
     *
     * @param brokers addresses as the backend writes them, {@code host:port} for Kafka; copied
     * @return this builder
     */
    public MessagingClientBuilder brokers(List<String> brokers) {
        List<String> copy = new ArrayList<>();
        for (String broker : Objects.requireNonNull(brokers, "brokers")) {
            copy.add(Objects.requireNonNull(broker, "broker"));
        }
        this.brokers = copy;
        return this;
    }

    /**
     * Sets the address for a backend that takes a URL with everything in it, as RabbitMQ does; contradicts {@link #backend}. Never shown, since it
     * may hold a password.
     *
     * @param url for example {@code amqp://user:password@localhost:5672/vhost}
     * @return this builder
     */
    public MessagingClientBuilder url(String url) {
        this.url = Objects.requireNonNull(url, "url");
        return this;
    }

    /**
     * Adds a configuration; may be called repeatedly. Calls of this builder beat all of them.
     *
     * @param config from a map, properties or the environment, see {@link MessagingConfig} for which one wins
     * @return this builder
     */
    public MessagingClientBuilder config(MessagingConfig config) {
        configurations.add(Objects.requireNonNull(config, "config").source());
        return this;
    }

    /**
     * Chooses the backend by name, with its default options as far as a configuration says nothing else; contradicts {@link #backend}.
     *
     * @param type the type, default {@code kafka}
     * @return this builder
     */
    public MessagingClientBuilder type(String type) {
        this.type = Objects.requireNonNull(type, "type");
        return this;
    }

    /**
     * Chooses the backend by its options; contradicts {@link #type}, {@link #brokers}, {@link #url} and the same keys of a configuration.
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
     * Sets how long {@link #build()} waits for a broker to answer; with what is cleaned up it fails at most 1 s later.
     *
     * @param connectTimeout from 1 ms to 1 hour, default 10 s
     * @return this builder
     */
    public MessagingClientBuilder connectTimeout(Duration connectTimeout) {
        this.connectTimeout = Objects.requireNonNull(connectTimeout, "connectTimeout");
        return this;
    }

    /**
     * Sets what {@link #build()} does when no broker answers.
     *
     * @param startup default {@link Startup#FAIL_FAST}
     * @return this builder
     */
    public MessagingClientBuilder startup(Startup startup) {
        this.startup = Objects.requireNonNull(startup, "startup");
        return this;
    }

    /**
     * Sets where the client logs. What the logger throws is dropped with its line and changes nothing.
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
        return observer(Objects.requireNonNull(metrics, "metrics"));
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
     * {@link #instrumentation} was given one. When none is present, nothing is added, and that is no error; {@link #metrics} needs no provider.
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
     * Opens the client: checks all settings, then waits until a broker answers unless {@link #startup} says otherwise.
     *
     * @return an open client
     * @throws InvalidConfigurationException INVALID_CONFIG naming all violations, or two tracers of which one has to be chosen; NO_BROKERS,
     *     UNSUPPORTED_TYPE, CAPABILITY_MISSING; before any I/O
     * @throws io.microservicekit.messaging.api.message.BackendUnavailableException CREATE_CLIENT caused by NO_BROKERS_AVAILABLE when no broker
     *     answers within the connect timeout, or by AUTHENTICATION
     */
    public MessagingClient build() {
        return opening().open();
    }

    /**
     * Opens a producer with default options and a connection of its own.
     *
     * @return an open producer; closing it closes the connection and ends all its threads
     * @throws InvalidConfigurationException as {@link #build()}
     * @throws io.microservicekit.messaging.api.message.BackendUnavailableException CREATE_PRODUCER, with the causes of {@link #build()}
     */
    public MessageProducer openProducer() {
        return openProducer(ProducerOptions.defaults());
    }

    /**
     * Opens a producer with a connection of its own.
     *
     * @param options its options
     * @return an open producer; closing it closes the connection and ends all its threads
     * @throws InvalidConfigurationException as {@link #build()}
     * @throws io.microservicekit.messaging.api.message.BackendUnavailableException CREATE_PRODUCER, with the causes of {@link #build()}
     */
    public MessageProducer openProducer(ProducerOptions options) {
        return opening().openProducer(options);
    }

    /**
     * Opens a consumer with default options and a connection of its own.
     *
     * @param group the consumer group, not empty
     * @return an open consumer; closing it closes the connection and ends all its threads
     * @throws InvalidConfigurationException EMPTY_GROUP_ID, and as {@link #build()}
     * @throws io.microservicekit.messaging.api.message.BackendUnavailableException CREATE_CONSUMER, with the causes of {@link #build()}
     */
    public MessageConsumer openConsumer(String group) {
        return openConsumer(group, ConsumerOptions.defaults());
    }

    /**
     * Opens a consumer with a connection of its own.
     *
     * @param group the consumer group, not empty
     * @param options its options
     * @return an open consumer; closing it closes the connection and ends all its threads
     * @throws InvalidConfigurationException EMPTY_GROUP_ID, and as {@link #build()}
     * @throws io.microservicekit.messaging.api.message.BackendUnavailableException CREATE_CONSUMER, with the causes of {@link #build()}
     */
    public MessageConsumer openConsumer(String group, ConsumerOptions options) {
        return opening().openConsumer(group, options);
    }

    private ClientOpening opening() {
        BackendChoice choice = new BackendChoice(backend, type, brokers, url, List.copyOf(configurations));
        InstrumentationSettings instrumentation =
                new InstrumentationSettings(tracing, meters, tracer, List.copyOf(instrumentations), SimpleTracer::new);
        return new ClientOpening(new ClientSettings(
                choice,
                clientId,
                connectTimeout,
                startup,
                logger,
                List.copyOf(observers),
                instrumentation,
                runtime,
                handlerThreads));
    }
}
