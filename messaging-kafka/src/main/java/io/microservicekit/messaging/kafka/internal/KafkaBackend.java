package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.Capability;
import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.internal.shared.CloseSignal;
import io.microservicekit.messaging.kafka.internal.shared.Numbers;
import io.microservicekit.messaging.kafka.internal.shared.PollCommands;
import io.microservicekit.messaging.kafka.internal.shared.RunningCalls;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;

/** The clients of one Kafka cluster that belong to one messaging client. */
final class KafkaBackend implements Backend {
    private static final Set<Capability> CAPABILITIES =
            Collections.unmodifiableSet(EnumSet.of(Capability.PARTITIONS, Capability.REPLAY));

    private final KafkaOptions options;
    private final BackendContext context;
    private final KafkaClients clients;
    private final ClientSettings settings;
    private final BrokerProbe probe;
    private final Loop control;
    private final Numbers producers = new Numbers();
    private final Numbers consumers = new Numbers();
    private final Numbers provisions = new Numbers();
    private final CloseSignal closing = new CloseSignal();
    /** Provisions. */
    private final RunningCalls running = new RunningCalls();

    KafkaBackend(KafkaOptions options, BackendContext context, KafkaClients clients) {
        this.options = options;
        this.context = context;
        this.clients = clients;
        this.settings = new ClientSettings(options, context);
        this.probe = new BrokerProbe(options, context, this::admin);
        this.control = context.runtime().loop(context.clientId() + "-kafka");
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public BackendProducer producer(ProducerSpec spec) {
        String suffix = "producer-" + producers.next();
        Map<String, Object> own = settings.producer(suffix, spec);
        return opened(ErrorCode.CREATE_PRODUCER, "a producer", () -> {
            SendLimits limits = new SendLimits(own);
            return new KafkaBackendProducer(
                    () -> driver(own), context.runtime(), context.clientId() + "-" + suffix, limits, control);
        });
    }

    private RenewedDriver.Driver driver(Map<String, Object> own) {
        return opened(
                ErrorCode.CREATE_PRODUCER,
                "a producer",
                () -> KafkaSendDriver.of(clients.producer(own), options.partitioner(), context.runtime()::onIo));
    }

    @Override
    public BackendConsumer consumer(ConsumerSpec spec, BackendListener listener) {
        SubscribedTopics.check("Subscribing", spec);
        String suffix = "consumer-" + consumers.next();
        String name = context.clientId() + "-" + suffix;
        Supplier<KafkaBackendConsumer> opening =
                () -> opened(spec, listener, name, settings.consumer(suffix, spec.group()));
        try {
            KafkaBackendConsumer opened = opening.get();
            opened.start();
            return opened;
        } catch (BackendUnavailableException e) {
            return new LateConsumer(opening, listener, new Reopening(context.runtime(), name, control), e);
        }
    }

    /** Its poll thread is yet to be started. */
    private KafkaBackendConsumer opened(
            ConsumerSpec spec, BackendListener listener, String name, Map<String, Object> own) {
        TopicSource topics = TopicSource.of(probe.admin(), own);
        Consumer<byte[], byte[]> consumer = opened(
                ErrorCode.CREATE_CONSUMER, "a consumer of group '" + spec.group() + "'", () -> clients.consumer(own));
        try {
            Session session = new Session(spec, listener, context, Session.Limits.of(options), topics);
            KafkaConsumerLoop loop =
                    new KafkaConsumerLoop(session, consumer, control, created(spec, () -> DriverCalls.QUESTION));
            return new KafkaBackendConsumer(
                    loop,
                    KafkaConsumerLoop.commitThreshold(spec),
                    () -> context.runtime().ioThread(name, loop));
        } catch (RuntimeException | Error e) {
            // The client is being closed: nobody else would end the driver's threads.
            consumer.close(CloseOptions.timeout(Duration.ZERO));
            throw e;
        }
    }

    /** By a consumer that joins nothing, on a thread of its own: it looks names up, and waits for answers. */
    @Override
    public CompletableFuture<Void> provision(ConsumerSpec spec) {
        SubscribedTopics.check("Provisioning", spec);
        CompletableFuture<Void> answer = context.runtime().future();
        TimeLeft time = new TimeLeft(context.runtime(), context.connectTimeout());
        String suffix = "provision-" + provisions.next();
        context.runtime().ioThread(context.clientId() + "-" + suffix, () -> {
            try {
                pin(spec, settings.consumer(suffix, spec.group()), time);
                answer.complete(null);
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            }
        });
        long call = running.begins(() -> answer.completeExceptionally(GroupPin.closed(spec)));
        var unused = answer.whenComplete((done, error) -> running.ends(call));
        return answer;
    }

    private void pin(ConsumerSpec spec, Map<String, Object> own, TimeLeft time) {
        TopicSource topics = TopicSource.of(probe.admin(), own);
        Consumer<byte[], byte[]> consumer = opened(
                ErrorCode.CREATE_CONSUMER, "a consumer of group '" + spec.group() + "'", () -> clients.consumer(own));
        long call = running.begins(consumer::wakeup);
        try {
            DriverCalls driver = new DriverCalls(consumer, closing::isGiven, () -> {}, time);
            TopicIds ids = new TopicIds(topics, context.runtime(), spec.logger(), new PollCommands());
            PositionResolver resolver = new PositionResolver(driver, ids, spec.startPosition());
            GroupPin.Broker broker = new GroupPin.Broker(driver, resolver, created(spec, time), time);
            new GroupPin(spec, context, broker, closing).pin();
        } finally {
            running.ends(call);
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    @Override
    public CompletableFuture<Void> probe() {
        return probe.probe();
    }

    @Override
    public CompletableFuture<Void> close(Duration limit) {
        closing.atTheLatest(context.runtime().nanoTime());
        running.close();
        return probe.close(limit, control);
    }

    private BooleanSupplier created(ConsumerSpec spec, Supplier<Duration> limit) {
        AdminQuestions questions = new AdminQuestions(probe::admin, context.runtime(), limit);
        return options.topology().creates() ? new TopicCreation(spec, options.topology(), questions) : () -> true;
    }

    private Admin admin() {
        return opened(ErrorCode.INVALID_CONFIG, "an admin client", () -> clients.admin(settings.admin("admin")));
    }

    /** The driver says of whatever stops its constructor that it failed, as of its settings; this has nothing to do with them. */
    private static void throwIfOutOfMemory(KafkaException error) {
        Throwable cause = error;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (cause instanceof OutOfMemoryError memory) {
                throw memory;
            }
            cause = cause.getCause();
        }
    }

    /** On the caller's thread: the driver looks the names of the brokers up in here, which may block as long as the system's resolver does. */
    private <T> T opened(ErrorCode code, String what, Supplier<T> opening) {
        try {
            return opening.get();
        } catch (KafkaException e) {
            throwIfOutOfMemory(e);
            if (Unresolvable.is(e)) {
                throw Unresolvable.names(what, options.brokers(), e);
            }
            throw SafeCause.configuration(
                    code, "Creating " + what + " on " + options.brokers() + " failed", e, options);
        }
    }
}
