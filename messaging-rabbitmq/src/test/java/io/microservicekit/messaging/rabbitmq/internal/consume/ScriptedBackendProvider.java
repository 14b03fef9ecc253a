package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.Capability;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.BackendProvider;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import io.microservicekit.messaging.api.spi.Settings;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.internal.shared.GroupTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The real consumer on the scripted broker as a backend, so that the real engine can be put on top of it. */
public final class ScriptedBackendProvider implements BackendProvider {
    static final String TYPE = "scripted-rabbitmq";

    /** What it consumes from, and where it sends to. */
    static final class Options implements BackendOptions {
        final ScriptedBroker broker;
        final RabbitMqOptions options;
        final List<Message> sent = new ArrayList<>();
        boolean refusing;

        Options(ScriptedBroker broker, RabbitMqOptions options) {
            this.broker = broker;
            this.options = options;
        }

        @Override
        public String backendType() {
            return TYPE;
        }
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Class<? extends BackendOptions> optionsType() {
        return Options.class;
    }

    @Override
    public Set<String> keys() {
        return Collections.emptySet();
    }

    @Override
    public BackendOptions options(Settings settings) {
        throw new UnsupportedOperationException("give the options");
    }

    @Override
    public Backend open(BackendOptions options, BackendContext context) {
        return new Scripted((Options) options, context);
    }

    private record Scripted(Options own, BackendContext context, GroupTopics groups) implements Backend {
        Scripted(Options own, BackendContext context) {
            this(own, context, new GroupTopics());
        }

        @Override
        public Set<Capability> capabilities() {
            return Collections.singleton(Capability.SIMULATED_TIME);
        }

        @Override
        public BackendProducer producer(ProducerSpec spec) {
            return new Sends(own, context);
        }

        @Override
        public BackendConsumer consumer(ConsumerSpec spec, BackendListener listener) {
            return RabbitMqConsumer.open(
                    context, own.options, own.broker, groups, new RabbitMqConsumer.Subscribed(spec, listener));
        }

        @Override
        public CompletableFuture<Void> probe() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> close(Duration limit) {
            return CompletableFuture.completedFuture(null);
        }
    }

    private record Sends(Options own, BackendContext context) implements BackendProducer {
        @Override
        public CompletableFuture<SendResult> send(Message message, Duration timeout) {
            CompletableFuture<SendResult> answer = context.runtime().future();
            own.broker.network.execute(() -> {
                if (own.refusing) {
                    answer.completeExceptionally(
                            new SendException(ErrorCode.UNROUTABLE, SendOutcome.NOT_DELIVERED, "no such queue", null));
                } else {
                    own.sent.add(message);
                    answer.complete(new SendResult(message.topic(), -1, -1, 0, true, true));
                }
            });
            return answer;
        }

        @Override
        public CompletableFuture<Long> close(Duration limit) {
            return CompletableFuture.completedFuture(0L);
        }
    }
}
