package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.Capability;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.kafka.KafkaOptions;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
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
    private final AtomicInteger producers = new AtomicInteger();
    private final AtomicInteger consumers = new AtomicInteger();

    KafkaBackend(KafkaOptions options, BackendContext context, KafkaClients clients) {
        this.options = options;
        this.context = context;
        this.clients = clients;
        this.settings = new ClientSettings(options, context);
        this.probe = new BrokerProbe(options, context, () -> clients.admin(settings.admin("admin")));
        this.control = context.runtime().loop(context.clientId() + "-kafka");
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public BackendProducer producer() {
        String suffix = "producer-" + producers.incrementAndGet();
        Map<String, Object> own = settings.producer(suffix);
        return opened(ErrorCode.CREATE_PRODUCER, "a producer", () -> {
            SendLimits limits = new SendLimits(own);
            Producer<byte[], byte[]> producer = clients.producer(own);
            return new KafkaBackendProducer(producer, context.runtime(), context.clientId() + "-" + suffix, limits);
        });
    }

    @Override
    public BackendConsumer consumer(ConsumerSpec spec, BackendListener listener) {
        String suffix = "consumer-" + consumers.incrementAndGet();
        Map<String, Object> own = settings.consumer(suffix, spec.group());
        Consumer<byte[], byte[]> consumer = opened(
                ErrorCode.CREATE_CONSUMER, "a consumer of group '" + spec.group() + "'", () -> clients.consumer(own));
        KafkaConsumerLoop loop = new KafkaConsumerLoop(
                new KafkaConsumerLoop.Session(spec, listener, context, options.revokeDrain()), consumer, control);
        context.runtime().ioThread(context.clientId() + "-" + suffix, loop);
        return new KafkaBackendConsumer(loop, KafkaConsumerLoop.commitThreshold(spec));
    }

    @Override
    public CompletableFuture<Void> probe() {
        return probe.probe();
    }

    @Override
    public CompletableFuture<Void> close(Duration limit) {
        return probe.close(limit, control);
    }

    private <T> T opened(ErrorCode code, String what, Supplier<T> opening) {
        try {
            return opening.get();
        } catch (KafkaException e) {
            throw SafeCause.configuration(
                    code, "Creating " + what + " on " + options.brokers() + " failed", e, options);
        }
    }
}
